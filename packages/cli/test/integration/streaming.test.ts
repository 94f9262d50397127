import { describe, expect, test } from '@jest/globals'
import { RandomNumbersSource } from '@zcast/publisher'
import type { Frame } from '@zcast/shared'
import type { Subscriber } from '@zcast/subscribers'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import { ListSource, rows } from '@zcast/testing/streams/list-source'
import { jpegShell } from '@zcast/testing/streams/envelopes'
import { until } from '@zcast/testing/waiting/until'
import { CollectingSink } from '@zcast/testing/streams/collecting-sink'
import { Streams } from '../support/streams.ts'

const streams = new Streams()

function frames(count: number, scan: number[] = [1]): Frame[] {
  const data = jpegShell(16, 9, scan)
  return Array.from({ length: count }, () => ({
    kind: 'video',
    time: Date.now() / 1000,
    width: 16,
    height: 9,
    format: 'jpeg',
    data,
  }))
}

function expectExactSums({ statistics }: Subscriber, topic: string): void {
  const { received, lost, delivered, skipped, pending } = statistics.counts()
  const { first, last } = statistics.topic(topic).sequence.totals()
  expect(received).toBe(delivered + skipped + pending)
  expect(last - first + 1).toBe(received + (lost as number))
}

describe('numbers from a publisher to its subscribers', () => {
  test('every subscriber gets every array, in order', async () => {
    const { publisher, endpoint } = await streams.publish()
    const topics = ['numbers/random']
    const subscribers: Subscriber[] = []
    for (let count = 0; count < 3; count++) {
      subscribers.push(await streams.subscribe({ topics, connect: [endpoint] }))
    }
    const sinks = subscribers.map(() => new CollectingSink())
    const running = subscribers.map((subscriber, index) =>
      subscriber.run(sinks[index] as CollectingSink, { maxValues: 50 }),
    )
    const source = new RandomNumbersSource({ intervalMs: 1, count: 3, seed: 1 })
    await publisher.run(source, { stream: 'random', maxValues: 50 })
    await Promise.all(running)
    for (const [index, sink] of sinks.entries()) {
      expect(sink.allSeqs).toEqual(Array.from({ length: 50 }, (_, seq) => seq))
      expect(sink.values).toEqual(sinks[0]?.values)
      const counts = subscribers[index]?.statistics.counts()
      expect(counts).toMatchObject({ received: 50, lost: 0, delivered: 50, skipped: 0, pending: 0 })
    }
  })

  test('a publisher that restarts is a new epoch, not a loss, and its subscribers go on', async () => {
    const endpoint = await freeEndpoint()
    const first = await streams.publish({ bind: [endpoint] })
    const subscriber = await streams.subscribe({ topics: ['numbers/random'], connect: [endpoint] })
    const states: string[] = []
    subscriber.on('state', (state) => states.push(state))
    const sink = new CollectingSink()
    const running = subscriber.run(sink, { maxValues: 40 })
    await first.publisher.run(new RandomNumbersSource({ intervalMs: 1 }), { stream: 'random', maxValues: 20 })
    await until(() => sink.allSeqs.length === 20)
    await first.publisher.close()
    await until(() => subscriber.state === 'connecting')
    const second = await streams.publish({ bind: [endpoint] })
    await streams.subscribed(2)
    await second.publisher.run(new RandomNumbersSource({ intervalMs: 1 }), {
      stream: 'random',
      maxValues: 20,
    })
    await running
    const counting = Array.from({ length: 20 }, (_, seq) => seq)
    expect(sink.allSeqs).toEqual([...counting, ...counting])
    expect(subscriber.statistics.counts()).toMatchObject({ received: 40, lost: 0, repeated: 0 })
    expect(subscriber.statistics.topic('numbers/random').sequence.epochs).toBe(2)
    expect(subscriber.statistics.topic('numbers/random').sequence.shared).toBe(false)
    expect(states.slice(-2)).toEqual(['connecting', 'live'])
  })

  test('as fast as possible, a lossless publisher loses nothing for the slowest of its subscribers', async () => {
    const count = 20_000
    const { publisher, endpoint } = await streams.publish({ delivery: 'all' })
    const options = { topics: ['numbers/random'], connect: [endpoint], highWaterMark: 50 }
    const quick = await streams.subscribe(options)
    const slow = await streams.subscribe(options)
    const idle = new CollectingSink()
    const sleepy = new CollectingSink(({ block }) => {
      if (Number(block.seq) % 100 === 0) return new Promise((resolve) => setImmediate(resolve))
    })
    await Promise.all([
      publisher.run(new RandomNumbersSource({ intervalMs: 0 }), { stream: 'random', maxValues: count }),
      quick.run(idle, { maxValues: count }),
      slow.run(sleepy, { maxValues: count }),
    ])
    for (const { statistics } of [quick, slow]) {
      expect(statistics.counts()).toMatchObject({ received: count, lost: 0, delivered: count, repeated: 0 })
    }
  })

  test.each([undefined, false] as const)(
    'NaN, infinities and negative zeros arrive, alone or in a batch (%p), and nothing is lost',
    async (batch) => {
      const { publisher, endpoint } = await streams.publish({ delivery: 'all', batch })
      const subscriber = await streams.subscribe({ topics: ['numbers/odd'], connect: [endpoint] })
      const kinds = [1.5, Number.NaN, -0, Number.NEGATIVE_INFINITY, Number.MIN_VALUE, -Number.MAX_VALUE]
      const values = Array.from({ length: 600 }, (_, index) => kinds[index % kinds.length] as number)
      const sink = new CollectingSink()
      const running = subscriber.run(sink, { maxValues: values.length })
      await publisher.run(new ListSource(values.map((value) => rows(value))), { stream: 'odd' })
      await running
      expect(sink.values).toEqual(values)
      expect(subscriber.statistics.counts()).toMatchObject({ received: values.length, lost: 0, invalid: 0 })
    },
  )

  test('arrays of more than 7000 numbers, and of a million, arrive whole', async () => {
    const { publisher, endpoint } = await streams.publish({ delivery: 'all' })
    const subscriber = await streams.subscribe({ topics: ['numbers/big'], connect: [endpoint] })
    const sink = new CollectingSink()
    const running = subscriber.run(sink, { maxValues: 3 })
    const arrays = [7000, 7001, 1_000_000].map((columns) => {
      const data = Float64Array.from({ length: columns }, (_, index) => index + 0.5)
      return { kind: 'numbers', time: Date.now() / 1000, rows: 1, columns, data } as const
    })
    await publisher.run(new ListSource(arrays), { stream: 'big' })
    await running
    expect(sink.envelopes.map(({ block }) => block.data.length)).toEqual([7000, 7001, 1_000_000])
    for (const { block } of sink.envelopes) {
      expect(block.data.every((value, index) => value === index + 0.5)).toBe(true)
    }
    expect(subscriber.statistics.counts()).toMatchObject({ received: 3, lost: 0, invalid: 0 })
  })

  test('the sums are exact while values are lost on the way', async () => {
    const { publisher, endpoint } = await streams.publish({ expectedBytes: 2 ** 20 })
    const options = { topics: ['numbers/random'], connect: [endpoint], highWaterMark: 2 }
    const subscriber = await streams.subscribe({ ...options, delivery: 'queue:3' })
    const sink = new CollectingSink(async () => {
      expectExactSums(subscriber, 'numbers/random')
      await new Promise(setImmediate)
    })
    const controller = new AbortController()
    const running = subscriber.run(sink, { signal: controller.signal })
    const large = { ...rows(0), columns: 50_000, data: new Float64Array(50_000) }
    const blocks = Array.from({ length: 500 }, () => large)
    await publisher.run(new ListSource(blocks), { stream: 'random' })
    await until(() => sink.envelopes.length > 0)
    controller.abort()
    await running
    expectExactSums(subscriber, 'numbers/random')
  })
})

describe('video from a publisher to its viewers', () => {
  test('a slow viewer skips to the newest frame, and holds up neither the publisher nor a quick one', async () => {
    // Nothing is lost on the way, however busy the machine: what a viewer skips is its own affair.
    const { publisher, endpoint } = await streams.publish({ delivery: 'all' })
    const options = { topics: ['video/main'], connect: [endpoint], delivery: 'latest' } as const
    const slow = await streams.subscribe(options)
    const quick = await streams.subscribe({ ...options, delivery: 'all' })
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const stuck = new CollectingSink(() => held)
    const free = new CollectingSink()
    const watching = [slow.run(stuck, { maxValues: 2 }), quick.run(free, { maxValues: 301 })]
    await publisher.run(new ListSource(frames(1), 'video'), { stream: 'main' })
    await until(() => stuck.envelopes.length === 1)
    await publisher.run(new ListSource(frames(300), 'video'), { stream: 'main' })
    await until(() => slow.statistics.counts().received === 301)
    release()
    await Promise.all(watching)
    expect(stuck.seqs).toEqual([0, 299])
    expect(slow.statistics.counts()).toMatchObject({ delivered: 2, skipped: 299, pending: 0, lost: 0 })
    expect(quick.statistics.counts()).toMatchObject({ delivered: 301, skipped: 0, lost: 0 })
  })

  test('a stream whose name begins like another one is another one', async () => {
    const { publisher, endpoint } = await streams.publish()
    const connect = [endpoint]
    const cam1 = await streams.subscribe({ topics: ['video/cam1'], connect })
    const all = await streams.subscribe({ topics: ['video/'], connect })
    const both = [new CollectingSink(), new CollectingSink()] as const
    const watching = [cam1.run(both[0], { maxValues: 3 }), all.run(both[1], { maxValues: 8 })]
    await publisher.run(new ListSource(frames(5), 'video'), { stream: 'cam10' })
    await publisher.run(new ListSource(frames(3), 'video'), { stream: 'cam1' })
    await Promise.all(watching)
    expect(new Set(both[0].envelopes.map(({ topic }) => topic))).toEqual(new Set(['video/cam1']))
    expect(cam1.statistics.counts()).toMatchObject({ received: 3, lost: 0, invalid: 0 })
    expect([...all.statistics.topics.keys()]).toEqual(['video/cam10', 'video/cam1'])
    expect(all.statistics.counts()).toMatchObject({ received: 8, lost: 0 })
  })

  test('a viewer that listens receives from many publishers that connect', async () => {
    const topics = ['video/']
    const viewer = await streams.subscribe({ topics, bind: ['tcp://127.0.0.1:*'] }, { wait: false })
    const connect = [...viewer.endpoints]
    const sink = new CollectingSink()
    const watching = viewer.run(sink, { maxValues: 6 })
    for (let camera = 1; camera <= 3; camera++) {
      const { publisher } = await streams.publish({ bind: [], connect })
      await streams.subscribed(camera)
      await publisher.run(new ListSource(frames(2), 'video'), { stream: `cam${camera}` })
    }
    await watching
    expect(sink.envelopes.map(({ topic }) => topic).toSorted()).toEqual(
      [1, 1, 2, 2, 3, 3].map((camera) => `video/cam${camera}`),
    )
    expect(viewer.statistics.counts()).toMatchObject({ received: 6, lost: 0 })
  })

  test('ends of both sides in any order leave nothing behind', async () => {
    for (const subscriberFirst of [true, false]) {
      const { publisher, endpoint } = await streams.publish()
      const subscriber = await streams.subscribe({ topics: ['video/main'], connect: [endpoint] })
      const running = subscriber.run(new CollectingSink())
      await publisher.run(new ListSource(frames(3), 'video'), { stream: 'main' })
      for (const end of subscriberFirst ? [subscriber, publisher] : [publisher, subscriber]) await end.close()
      await running
      expect(subscriber.state).toBe('closed')
    }
  })
})
