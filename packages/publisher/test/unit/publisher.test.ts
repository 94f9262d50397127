import { describe, expect, jest, test } from '@jest/globals'
import {
  type Codec,
  CodecError,
  type Envelope,
  isRejection,
  type Log,
  MAX_MESSAGE_BYTES,
  MemoryTransport,
  type Message,
  MsgpackCodec,
  type SubscribeSocket,
  valueCount,
} from '@zcast/shared'
import type { PublisherOptions } from '../../src/publisher-options.ts'
import { Publisher } from '../../src/publisher.ts'
import type { Source } from '../../src/sources/source.ts'
import { frame, ListSource, rows } from '@zcast/testing/streams/list-source'

const ENDPOINT = 'inproc://stream'

interface Connected {
  readonly publisher: Publisher
  readonly subscriber: SubscribeSocket
  /** Closes the publisher, and gives everything that reached the subscriber. */
  readonly end: () => Promise<Envelope[]>
}

async function connect(
  options: {
    topic?: string
    log?: Log
    delivery?: 'all'
    highWaterMark?: number
    batch?: PublisherOptions['batch']
    codec?: Codec
  } = {},
): Promise<Connected> {
  const { topic = 'numbers/', log, delivery, highWaterMark = 1000, batch, codec } = options
  const transport = new MemoryTransport()
  const publisher = await Publisher.open({
    bind: [ENDPOINT],
    transport,
    expectedBytes: 100,
    delivery,
    batch,
    ...(codec && { codec }),
    ...(log && { log }),
  })
  const subscriber = await transport.openSubscribe({ connect: [ENDPOINT], highWaterMark })
  subscriber.subscribe(topic)
  return {
    publisher,
    subscriber,
    end: async () => {
      await publisher.close()
      return readAll(subscriber)
    },
  }
}

/** What waits in a subscriber's queue. */
async function readAll(subscriber: SubscribeSocket): Promise<Envelope[]> {
  const codec = new MsgpackCodec()
  const envelopes: Envelope[] = []
  const messages = subscriber.messages()[Symbol.asyncIterator]()
  for (;;) {
    // The queue is in memory: what is not there after a turn of the event loop is not there at all.
    const next = await Promise.race([messages.next(), new Promise<void>((resolve) => setImmediate(resolve))])
    if (!next || next.done) break
    const envelope = codec.decode(next.value)
    if (isRejection(envelope)) throw new Error(envelope.reason)
    envelopes.push(envelope)
  }
  await subscriber.close()
  return envelopes
}

function recordingLog(): Log & { lines: string[] } {
  const lines: string[] = []
  const add = (message: string): void => void lines.push(message)
  return { lines, error: add, warning: add, close: () => undefined }
}

/** Refuses one value. */
class RefusingCodec extends MsgpackCodec {
  override encode(envelope: Envelope): Message {
    if (envelope.block.data[0] === 1) throw new CodecError('ERR_MESSAGE_SIZE', 'too large')
    return super.encode(envelope)
  }
}

describe('Publisher', () => {
  test('without batches an array that is refused takes no number, and none comes twice', async () => {
    const { publisher, end } = await connect({ batch: false, codec: new RefusingCodec() })
    await publisher.run(new ListSource([rows(0, 1, 2, 3), rows(4, 5)]), { stream: 'a' })
    expect(publisher.counts('a')).toEqual({ sent: 5, dropped: 1 })
    const sent = await end()
    expect(sent.map(({ block }) => [block.seq, block.data[0]])).toEqual([
      [0, 0],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
    ])
  })

  test('without batches each array is a message of its own, with its own time', async () => {
    const { publisher, end } = await connect({ batch: false })
    const block = { ...rows(2, 3, 4), time: 10, interval: 0.5 }
    await publisher.run(new ListSource([rows(1), block]), { stream: 's', maxValues: 3 })
    expect((await end()).map(({ block: sent }) => [sent.seq, sent.time, valueCount(sent)])).toEqual([
      [0, 0, 1],
      [1, 10, 1],
      [2, 10.5, 1],
    ])
    expect(publisher.sent).toBe(3)
  })

  test('without batches a large block is sent row by row, up to the number that is wanted', async () => {
    const { publisher, end } = await connect({ batch: false })
    const values = Array.from({ length: 500 }, (_, value) => value)
    await publisher.run(new ListSource([rows(...values)]), { stream: 's', maxValues: 300 })
    const envelopes = await end()
    expect(envelopes.map(({ block }) => block.seq)).toEqual(values.slice(0, 300))
    expect(envelopes.map(({ block }) => block.data[0])).toEqual(values.slice(0, 300))
    expect(publisher.sent).toBe(300)
  })

  test('numbers the values of a stream from 0, counting rows', async () => {
    const { publisher, end } = await connect({ batch: { lingerMs: 1 } })
    const source = new ListSource([rows(1), rows(2, 3, 4), rows(5)])
    await publisher.run(source, { stream: 'mine' })
    const envelopes = await end()
    expect(envelopes.map(({ topic, block }) => [topic, block.seq, [...block.data]])).toEqual([
      ['numbers/mine', 0, [1]],
      ['numbers/mine', 1, [2, 3, 4]],
      ['numbers/mine', 4, [5]],
    ])
    expect(publisher.sent).toBe(5)
    expect(source.freed).toBe(true)
  })

  test('arrays that come fast share messages, and keep their order and numbers', async () => {
    const { publisher, end } = await connect()
    const values = Array.from({ length: 5000 }, (_, value) => value)
    await publisher.run(new ListSource(values.map((value) => rows(value))), { stream: 's' })
    const envelopes = await end()
    expect(envelopes.length).toBeLessThan(1000)
    expect(envelopes.flatMap(({ block }) => Array.from(block.data))).toEqual(values)
    let seq = 0
    for (const { block } of envelopes) {
      expect(block.seq).toBe(seq)
      seq += valueCount(block)
    }
    expect(publisher.sent).toBe(5000)
  })

  test('ends after so many values that share messages', async () => {
    const { publisher, end } = await connect()
    const source = new ListSource(Array.from({ length: 5000 }, (_, value) => rows(value)))
    await publisher.run(source, { stream: 's', maxValues: 777 })
    expect((await end()).flatMap(({ block }) => Array.from(block.data))).toEqual(
      Array.from({ length: 777 }, (_, value) => value),
    )
    expect(publisher.sent).toBe(777)
    expect(source.freed).toBe(true)
  })

  test('sends what a source yielded before it failed', async () => {
    const { publisher, end } = await connect()
    function* failing(): Generator<ReturnType<typeof rows>> {
      yield* [rows(1), rows(2), rows(3)]
      throw new Error('died')
    }
    await expect(publisher.run(new ListSource(failing()), { stream: 's' })).rejects.toThrow('died')
    expect((await end()).flatMap(({ block }) => Array.from(block.data))).toEqual([1, 2, 3])
  })

  test('refuses batches out of range before it opens a socket', async () => {
    const options = { bind: ['inproc://never'], transport: new MemoryTransport(), expectedBytes: 1 }
    await expect(Publisher.open({ ...options, batch: { lingerMs: -1 } })).rejects.toMatchObject({
      code: 'ERR_OPTION',
    })
  })

  test('each run is an epoch of its own', async () => {
    const { publisher, end } = await connect({ batch: false })
    for (let run = 0; run < 3; run++)
      await publisher.run(new ListSource([rows(run), rows(run)]), { stream: 's' })
    const envelopes = await end()
    expect(envelopes.map(({ block }) => block.seq)).toEqual([0, 1, 0, 1, 0, 1])
    expect(new Set(envelopes.map(({ epoch }) => epoch)).size).toBe(3)
    expect(envelopes.every(({ epoch }) => Number.isInteger(epoch) && Number(epoch) >= 0)).toBe(true)
  })

  test('what does not fit a message is dropped, counted and logged, and takes no sequence number', async () => {
    const log = recordingLog()
    const { publisher, end } = await connect({ log })
    const large = { ...rows(0), rows: MAX_MESSAGE_BYTES / 8, data: new Float64Array(MAX_MESSAGE_BYTES / 8) }
    await publisher.run(new ListSource([rows(1), large, rows(2)]), { stream: 's' })
    expect((await end()).map(({ block }) => block.seq)).toEqual([0, 1])
    expect(publisher.sent).toBe(2)
    expect(publisher.dropped).toBe(large.rows)
    expect(log.lines).toEqual([expect.stringContaining('over the limit')])
  })

  test('ends after so many values, in the middle of a block if need be', async () => {
    const { publisher, end } = await connect()
    const source = new ListSource([rows(0, 1), rows(2, 3, 4, 5), rows(6)])
    await publisher.run(source, { stream: 's', maxValues: 4 })
    expect((await end()).map(({ block }) => Array.from(block.data))).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(publisher.sent).toBe(4)
    expect(source.freed).toBe(true)
  })

  test('ends when the signal aborts, and frees the source before', async () => {
    const { publisher, end } = await connect()
    const controller = new AbortController()
    function* forever(): Generator<ReturnType<typeof rows>> {
      for (let value = 0; ; value++) {
        if (value === 5) controller.abort()
        yield rows(value)
      }
    }
    const source = new ListSource(forever())
    await publisher.run(source, { stream: 's', signal: controller.signal })
    expect(source.freed).toBe(true)
    expect((await end()).length).toBeLessThanOrEqual(6)
  })

  test('a source that never waits still lets the event loop turn', async () => {
    const { publisher } = await connect()
    const controller = new AbortController()
    function* forever(): Generator<ReturnType<typeof rows>> {
      for (;;) yield rows(1)
    }
    setTimeout(() => controller.abort(), 1)
    await publisher.run(new ListSource(forever()), { stream: 's', signal: controller.signal })
    await publisher.close()
  })

  test('a lossless publisher waits for the slowest subscriber', async () => {
    const { publisher, subscriber } = await connect({ delivery: 'all', highWaterMark: 3 })
    const values = Array.from({ length: 50 }, (_, value) => value)
    const running = publisher.run(new ListSource(values.map((value) => rows(value))), { stream: 's' })
    const codec = new MsgpackCodec()
    const received: number[] = []
    for await (const message of subscriber.messages()) {
      const envelope = codec.decode(message) as Envelope
      received.push(...envelope.block.data)
      if (received.length === values.length) break
    }
    await running
    expect(received).toEqual(values)
    await subscriber.close()
    await publisher.close()
  })

  test('a lossless publisher can be ended while a subscriber reads nothing', async () => {
    const { publisher, subscriber } = await connect({ delivery: 'all', highWaterMark: 3, batch: false })
    const controller = new AbortController()
    const source = new ListSource(Array.from({ length: 50 }, (_, value) => rows(value)))
    const running = publisher.run(source, { stream: 's', signal: controller.signal })
    while (publisher.sent < 3) await new Promise(setImmediate)
    controller.abort()
    await running
    expect(publisher.sent).toBe(3)
    expect(source.freed).toBe(true)
    await subscriber.close()
    await publisher.close()
  })

  test('a failing source ends the run with its error', async () => {
    const { publisher } = await connect()
    function* failing(): Generator<ReturnType<typeof rows>> {
      yield rows(1)
      throw Object.assign(new Error('died'), { code: 'ERR_SOURCE_FAILED' })
    }
    const source = new ListSource(failing())
    await expect(publisher.run(source, { stream: 's' })).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED' })
    expect(source.freed).toBe(true)
    await publisher.close()
  })

  test('a stream name that breaks the rules is refused before the source starts', async () => {
    const { publisher } = await connect()
    const source = new ListSource([rows(1)])
    await expect(publisher.run(source, { stream: 'a b' })).rejects.toMatchObject({ code: 'ERR_TOPIC' })
    expect(source.freed).toBe(false)
    await publisher.close()
  })

  test('a closed publisher refuses to run, before the source starts; closing twice is allowed', async () => {
    const { publisher } = await connect()
    await Promise.all([publisher.close(), publisher.close()])
    await publisher[Symbol.asyncDispose]()
    const source = new ListSource([rows(1)])
    await expect(publisher.run(source, { stream: 's' })).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    expect(source.freed).toBe(false)
  })

  test('an endpoint in use is named', async () => {
    const transport = new MemoryTransport()
    const options = { bind: [ENDPOINT], transport, expectedBytes: 1 }
    await using publisher = await Publisher.open(options)
    expect(publisher.endpoints).toEqual([ENDPOINT])
    await expect(Publisher.open(options)).rejects.toMatchObject({
      code: 'ERR_ADDRESS_IN_USE',
      endpoint: ENDPOINT,
    })
  })

  test('renditions have topics and sequence numbers of their own, in the same epoch', async () => {
    const { publisher, subscriber } = await connect({ topic: 'video' })
    const source = new ListSource([frame(3), frame(2, '360p'), frame(3), frame(2, '360p')], 'video', ['360p'])
    await publisher.run(source, { stream: 'main', maxValues: 2 })
    const messages = subscriber.messages()[Symbol.asyncIterator]()
    const topics: string[] = []
    for (let count = 0; count < 3; count++) topics.push(String((await messages.next()).value?.[0]))
    expect(topics).toEqual(['video/main', 'video@360p/main', 'video/main'])
    await subscriber.close()
    await publisher.close()
  })

  test('a source is told what is wanted: nothing, until somebody subscribes to it, and nothing again', async () => {
    const transport = new MemoryTransport()
    await using publisher = await Publisher.open({ bind: [ENDPOINT], transport, expectedBytes: 1 })
    const subscriber = await transport.openSubscribe({ connect: [ENDPOINT] })
    const wanted: string[] = []
    const controller = new AbortController()
    const source: Source = {
      kind: 'video',
      expectedBytes: 1,
      renditions: ['360p'],
      // oxlint-disable-next-line require-yield -- only what it is told matters
      async *blocks({ demand, signal }) {
        const look = (): void => void wanted.push([...demand.wanted].join())
        look()
        demand.onChange(look)
        subscriber.subscribe('video@360p/')
        subscriber.subscribe('video/main')
        subscriber.unsubscribe('video@360p/')
        await subscriber.close()
        signal.throwIfAborted()
      },
    }
    await publisher.run(source, { stream: 'main', signal: controller.signal })
    expect(wanted).toEqual(['', '360p', '360p,', '', ''])
  })

  test('begins once as many subscribers of the stream are there as it waits for', async () => {
    const transport = new MemoryTransport()
    const publisher = await Publisher.open({ bind: [ENDPOINT], transport, expectedBytes: 100, batch: false })
    const join = async (topic: string): Promise<SubscribeSocket> => {
      const subscriber = await transport.openSubscribe({ connect: [ENDPOINT] })
      subscriber.subscribe(topic)
      return subscriber
    }
    const source = new ListSource([rows(1), rows(2)])
    const run = publisher.run(source, { stream: 'a', waitFor: 2 })
    const gone = await join('numbers/a')
    await gone.close()
    const first = await join('numbers/')
    await join('numbers/b')
    expect(publisher.sent).toBe(0)
    const second = await join('numbers/a')
    await run
    expect(publisher.sent).toBe(2)
    await publisher.close()
    for (const subscriber of [first, second]) {
      expect((await readAll(subscriber)).map(({ block }) => block.seq)).toEqual([0, 1])
    }
  })

  test('a run that waits for subscribers ends with its signal, and with the publisher, and sends nothing', async () => {
    const publisher = await Publisher.open({
      bind: [ENDPOINT],
      transport: new MemoryTransport(),
      expectedBytes: 100,
    })
    const controller = new AbortController()
    const options = { waitFor: 1, signal: controller.signal }
    const run = publisher.run(new ListSource([rows(1)]), { ...options, stream: 'a' })
    controller.abort()
    await run
    const another = publisher.run(new ListSource([rows(1)]), { waitFor: 1, stream: 'b' })
    await publisher.close()
    await another
    expect(publisher.sent).toBe(0)
  })

  test('who joins late is given the last row of what was sent last, marked as retained', async () => {
    const transport = new MemoryTransport()
    const publisher = await Publisher.open({ bind: [ENDPOINT], transport, expectedBytes: 100 })
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const source: Source = {
      kind: 'numbers',
      expectedBytes: 100,
      async *blocks() {
        yield rows(1, 2, 3)
        await held
      },
    }
    const run = publisher.run(source, { stream: 'a' })
    while (publisher.sent < 3) await new Promise(setImmediate)
    const subscriber = await transport.openSubscribe({ connect: [ENDPOINT] })
    subscriber.subscribe('numbers/a')
    const codec = new MsgpackCodec()
    for await (const message of subscriber.messages()) {
      const envelope = codec.decode(message) as Envelope
      if (!envelope.retained) continue
      expect(envelope).toMatchObject({ topic: 'numbers/a', block: { seq: 2, rows: 1 } })
      expect([...(envelope.block.data as Float64Array)]).toEqual([3])
      break
    }
    release()
    await run
    await publisher.close()
  })

  test('a subscriber whose queue was full at the end is told once more of the last value, however long it had been full', async () => {
    const { publisher, subscriber } = await connect({ highWaterMark: 3, batch: false })
    const clock = jest.spyOn(performance, 'now')
    function* values(): Generator<ReturnType<typeof rows>> {
      for (let value = 1; value <= 5; value++) yield rows(value)
      // All that comes after a queue is full is passed over without a word.
      const nowMs = performance.now()
      clock.mockImplementation(() => nowMs + 3_600_000)
    }
    const run = publisher.run(new ListSource(values()), { stream: 'a' })
    while (publisher.sent < 5) await new Promise(setImmediate)
    const codec = new MsgpackCodec()
    const seen: [number | undefined, boolean][] = []
    for await (const message of subscriber.messages()) {
      const { block, retained = false } = codec.decode(message) as Envelope
      seen.push([block.seq, retained])
      if (retained) break
    }
    expect(seen).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [4, true],
    ])
    await run
    clock.mockRestore()
    await publisher.close()
  })
})
