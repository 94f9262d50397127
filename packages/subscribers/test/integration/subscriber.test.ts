import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type Counts, type Log, MAX_MESSAGE_BYTES, MsgpackCodec } from '@zcast/shared'
import { freeEndpoint, freePort } from '@zcast/testing/network/free-ports'
import { numbersEnvelope } from '@zcast/testing/streams/envelopes'
import { useRawPublisher } from '@zcast/testing/streams/raw-publisher'
import { until } from '@zcast/testing/waiting/until'
import { WatchedTransport } from '@zcast/testing/streams/watched-transport'
import { Subscriber, type SubscriberOptions } from '../../src/subscriber.ts'
import { CollectingSink } from '@zcast/testing/streams/collecting-sink'

const openPublisher = useRawPublisher()
const opened: Subscriber[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((subscriber) => subscriber.close()))
})

async function subscribe(endpoint: string, options: Partial<SubscriberOptions> = {}): Promise<Subscriber> {
  const subscriber = await Subscriber.open({
    topics: ['numbers/random'],
    delivery: 'all',
    connect: [endpoint],
    ...options,
  })
  opened.push(subscriber)
  return subscriber
}

/** `last - first + 1 = received + lost` for the newest epoch, and `received = delivered + skipped + pending`. */
function expectExactSums(subscriber: Subscriber): Counts {
  const counts = subscriber.statistics.counts()
  const { first, last } = subscriber.statistics.topic('numbers/random').sequence.totals()
  expect(last - first + 1).toBe(counts.received + (counts.lost as number))
  expect(counts.received).toBe(counts.delivered + counts.skipped + counts.pending)
  return counts
}

describe('a good stream with bad messages in it', () => {
  const position = { v: 1, epoch: 1, time: 0 }
  const bad: ((seq: number) => [unknown, ...Uint8Array[]])[] = [
    (seq) => [{ ...position, seq, values: 'text' }],
    (seq) => [{ ...position, seq, values: [Number.NaN] }],
    (seq) => [{ ...position, seq: seq + 0.5, values: [1] }],
    (seq) => [{ ...position, seq, rows: 1000, columns: 1000 }, new Uint8Array(8)],
    (seq) => [{ ...position, seq, values: [1] }, new Uint8Array(8), new Uint8Array(8)],
    () => ['not a map'],
    (seq) => [{ ...position, seq, values: [1], deep: [[[[[1]]]]] }],
    (seq) => [{ ...position, seq, values: [1], when: new Date(0) }],
    (seq) => [{ ...position, seq, values: [1], long: 'x'.repeat(70_000) }],
  ]

  test('each is counted once as invalid, and once as lost where it took a number', async () => {
    const lines: string[] = []
    const add = (line: string): void => void lines.push(line)
    const log: Log = { error: add, warning: add, close: () => undefined }
    const publisher = await openPublisher()
    const subscriber = await subscribe(publisher.endpoint, { log })
    await publisher.subscribed()
    const sink = new CollectingSink()
    const good: number[] = []
    const running = subscriber.run(sink, { maxValues: 91 })
    for (let seq = 0; seq <= 180; seq++) {
      const make = bad.at(seq % bad.length) as (typeof bad)[number]
      if (seq % 2 === 1) {
        await publisher.sendHeader('numbers/random', ...make(seq))
      } else {
        good.push(seq)
        await publisher.sendNumber(seq)
      }
    }
    await running
    expect(sink.values).toEqual(good)
    expect(expectExactSums(subscriber)).toEqual({
      received: 91,
      lost: 90,
      withheld: 0,
      delivered: 91,
      skipped: 0,
      pending: 0,
      repeated: 0,
      duplicate: 0,
      invalid: 90,
      unsupported: 0,
    })
    expect(lines).toHaveLength(90)
    expect(new Set(lines).size).toBeLessThanOrEqual(bad.length)
  })

  test('what cannot be read at all is counted, and nothing grows', async () => {
    const publisher = await openPublisher()
    const subscriber = await subscribe(publisher.endpoint, { topics: ['numbers/'] })
    await publisher.subscribed()
    for (const parts of [['numbers/'], ['numbers/a', ''], ['numbers/a b', ''], ['numbers/a']] as const) {
      await publisher.send(...parts)
    }
    await publisher.sendHeader('numbers/a', { v: 2 })
    await publisher.send(`numbers/${'x'.repeat(2 ** 20)}`, '')
    await publisher.sendNumber(0)
    await subscriber.run(new CollectingSink(), { maxValues: 1 })
    expect(subscriber.statistics.counts()).toMatchObject({ received: 1, invalid: 5, unsupported: 1 })
    expect([...subscriber.statistics.topics.keys()]).toEqual(['numbers/a', 'numbers/random'])
  })
})

describe('order and loss', () => {
  test('gaps are losses, late values fill them, repeated ones are dropped: the sums are exact at every moment', async () => {
    const publisher = await openPublisher()
    const subscriber = await subscribe(publisher.endpoint, { delivery: 'queue:10' })
    await publisher.subscribed()
    const sink = new CollectingSink(() => void expectExactSums(subscriber))
    const controller = new AbortController()
    const running = subscriber.run(sink, { signal: controller.signal })
    for (let seq = 100; seq < 400; seq += 10) {
      if (seq % 30 !== 0) await publisher.sendRows(seq, 10)
      if (seq % 70 === 0) await publisher.sendRows(seq - 15, 10)
    }
    await publisher.sendNumber(399)
    await until(() => subscriber.statistics.topic('numbers/random').sequence.totals().last === 399)
    controller.abort()
    await running
    const { lost, repeated } = expectExactSums(subscriber)
    expect(lost).toBeGreaterThan(0)
    expect(repeated).toBeGreaterThan(0)
  })

  test('late values that fill a gap are delivered, and no longer lost', async () => {
    const publisher = await openPublisher()
    const subscriber = await subscribe(publisher.endpoint)
    await publisher.subscribed()
    const sink = new CollectingSink()
    for (const seq of [10, 11, 15]) await publisher.sendNumber(seq)
    await subscriber.run(sink, { maxValues: 3 })
    expect(expectExactSums(subscriber).lost).toBe(3)
    for (const seq of [13, 12, 13, 14]) await publisher.sendNumber(seq)
    await subscriber.run(sink, { maxValues: 3 })
    expect(sink.values).toEqual([10, 11, 15, 13, 12, 14])
    expect(expectExactSums(subscriber)).toMatchObject({ received: 6, lost: 0, repeated: 1 })
  })

  test('eight recent epochs are kept: a value of one of them is known again, of an older one it is new', async () => {
    const publisher = await openPublisher()
    const subscriber = await subscribe(publisher.endpoint)
    await publisher.subscribed()
    const sink = new CollectingSink()
    for (let epoch = 1; epoch <= 9; epoch++) await publisher.sendNumber(0, { epoch })
    await publisher.sendNumber(0, { epoch: 2 })
    await publisher.sendNumber(0, { epoch: 1 })
    await subscriber.run(sink, { maxValues: 10 })
    expect(sink.envelopes.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 1])
    expect(subscriber.statistics.counts()).toMatchObject({ received: 10, lost: 0, repeated: 1 })
  })
})

describe('recovery', () => {
  test('after a message over the limit it connects again, and goes on counting', async () => {
    const publisher = await openPublisher()
    const subscriber = await subscribe(publisher.endpoint)
    const states: string[] = []
    subscriber.on('state', (state) => states.push(state))
    await publisher.subscribed()
    await publisher.sendNumber(0)
    await publisher.send('numbers/random', new Uint8Array(MAX_MESSAGE_BYTES + 1))
    await publisher.subscribed()
    await publisher.sendNumber(2)
    const sink = new CollectingSink()
    await subscriber.run(sink, { maxValues: 2 })
    expect(sink.values).toEqual([0, 2])
    expect(expectExactSums(subscriber)).toMatchObject({ received: 2, lost: 1, invalid: 0 })
    expect(states.slice(-2)).toEqual(['connecting', 'live'])
  })

  test('after something else than a publisher it finds the real one', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.resume().end(Buffer.from([0xff, ...Array.from({ length: 100 }, (_, index) => index)]))
    })
    const port = await freePort()
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    const endpoint = `tcp://127.0.0.1:${port}`
    const subscriber = await subscribe(endpoint)
    await once(server, 'connection')
    expect(subscriber.state).toBe('connecting')
    server.close()
    await once(server, 'close')
    const transport = new WatchedTransport()
    const publisher = await transport.openPublish({ bind: [endpoint] })
    await transport.subscriptions.last('+numbers/random')
    await until(() => subscriber.state === 'live')
    await publisher.close()
  })

  test('closing while it waits for a publisher that never came leaves nothing behind', async () => {
    const subscriber = await subscribe(await freeEndpoint())
    const running = subscriber.run(new CollectingSink())
    await subscriber.close()
    await running
    expect(subscriber.state).toBe('closed')
  })
})

describe('a pause', () => {
  test('is known to the publisher, and what others got meanwhile is not lost', async () => {
    const transport = new WatchedTransport()
    const publisher = await transport.openPublish({ bind: ['tcp://127.0.0.1:*'] })
    try {
      const endpoint = publisher.endpoints[0] ?? ''
      const codec = new MsgpackCodec()
      const send = (seq: number): Promise<boolean> => publisher.send(codec.encode(numbersEnvelope(seq)))
      const resting = await subscribe(endpoint)
      await transport.subscriptions.last('+numbers/random')
      const everything = await subscribe(endpoint, { topics: ['numbers/'] })
      await transport.subscriptions.last('+numbers/')
      const lastOf = ({ statistics }: Subscriber): number =>
        statistics.topic('numbers/random').sequence.totals().last
      for (let seq = 0; seq < 10; seq++) await send(seq)
      await until(() => lastOf(resting) === 9)
      resting.pause()
      await transport.subscriptions.last('-numbers/random')
      for (let seq = 10; seq < 50; seq++) await send(seq)
      await until(() => lastOf(everything) === 49)
      resting.resume()
      await transport.subscriptions.last('+numbers/random')
      for (const seq of [50, 51, 53]) await send(seq)
      await until(() => lastOf(resting) === 53)
      expect(resting.statistics.counts()).toMatchObject({ received: 13, lost: 1, repeated: 0 })
      expect(resting.statistics.topic('numbers/random').sequence.totals()).toMatchObject({
        first: 50,
        last: 53,
      })
      expect(everything.statistics.counts()).toMatchObject({ received: 53, lost: 1 })
    } finally {
      await publisher.close()
    }
  })
})
