import { afterEach, describe, expect, jest, test } from '@jest/globals'
import {
  type Codec,
  type Envelope,
  type Log,
  MemoryTransport,
  type Message,
  MsgpackCodec,
  type NumbersBlock,
  type PublishSocket,
  type Transport,
} from '@zcast/shared'
import { CountingSink } from '../../src/sinks/counting-sink.ts'
import { Subscriber, type SubscriberOptions } from '../../src/subscriber.ts'
import type { SubscriberState } from '../../src/subscriber-state.ts'
import { CollectingSink } from '@zcast/testing/streams/collecting-sink'
import { jpegShell } from '@zcast/testing/streams/envelopes'

const ENDPOINT = 'inproc://stream'
const codec = new MsgpackCodec()

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

interface Opened {
  readonly subscriber: Subscriber
  readonly publisher: PublishSocket
  readonly transport: MemoryTransport
  /** Sends numbers from `seq` on, one row each. */
  readonly send: (seq: number, rows?: number, epoch?: number) => Promise<void>
  readonly sendFrame: (seq: number, topic?: string) => Promise<void>
  readonly sendRaw: (...parts: (string | Uint8Array)[]) => Promise<void>
}

async function open(options: Partial<SubscriberOptions> = {}): Promise<Opened> {
  const transport = new MemoryTransport()
  const publisher = await transport.openPublish({ bind: [ENDPOINT] })
  const subscriber = await Subscriber.open({
    topics: ['numbers/random'],
    delivery: 'all',
    connect: [ENDPOINT],
    transport,
    ...options,
  })
  closing.push(
    () => subscriber.close(),
    () => publisher.close(),
  )
  const deliver = async (message: Message): Promise<void> => {
    await publisher.send(message)
    await settle()
  }
  return {
    subscriber,
    publisher,
    transport,
    send: (seq, rows = 1, epoch = 1) => {
      const data = Float64Array.from({ length: rows }, (_, row) => seq + row)
      const block = { kind: 'numbers', seq, time: Date.now() / 1000, rows, columns: 1, data } as const
      return deliver(codec.encode({ topic: 'numbers/random', epoch, block }))
    },
    sendFrame: (seq, topic = 'video/main') => {
      const size = { width: 16, height: 9 }
      const block = {
        kind: 'video',
        seq,
        time: Date.now() / 1000,
        ...size,
        format: 'jpeg',
        data: jpegShell(16, 9),
      } as const
      return deliver(codec.encode({ topic, epoch: 1, block }))
    },
    sendRaw: (...parts) => deliver(parts.map((part) => Buffer.from(part))),
  }
}

/** Lets everything that was sent in memory arrive. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function recordingLog(): Log & { lines: string[] } {
  const lines: string[] = []
  const add = (message: string): void => void lines.push(message)
  return { lines, error: add, warning: add, close: () => undefined }
}

describe('receiving', () => {
  test('delivers everything in order with delivery all, and the sums are exact', async () => {
    const { subscriber, send } = await open()
    for (const seq of [5, 6, 9, 7]) await send(seq)
    const sink = new CollectingSink()
    await subscriber.run(sink, { maxValues: 4 })
    expect(sink.values).toEqual([5, 6, 9, 7])
    expect(subscriber.statistics.counts()).toMatchObject({
      received: 4,
      lost: 1,
      delivered: 4,
      skipped: 0,
      pending: 0,
    })
  })

  test('a codec completes what is delivered, right before, and nothing else', async () => {
    const completed: unknown[] = []
    const complete = async (envelope: Envelope): Promise<Envelope> => {
      completed.push(envelope.block.seq)
      return { ...envelope, topic: 'numbers/completed' }
    }
    const completing: Codec = Object.assign(new MsgpackCodec(), { complete })
    const { subscriber, send } = await open({ codec: completing, delivery: 'latest' })
    for (const seq of [5, 6, 7]) await send(seq)
    const sink = new CollectingSink()
    await subscriber.run(sink, { maxValues: 1 })
    expect(sink.envelopes.map(({ topic }) => topic)).toEqual(['numbers/completed'])
    expect(completed).toEqual([7])
    expect(subscriber.statistics.topic('numbers/random').counts()).toMatchObject({ skipped: 2, delivered: 1 })
    await send(8)
    await subscriber.run(new CountingSink(), { maxValues: 1 })
    expect(completed).toEqual([7])
    await send(9)
    for await (const { topic } of subscriber) {
      expect(topic).toBe('numbers/completed')
      break
    }
    expect(completed).toEqual([7, 9])
  })

  test('repeated values are dropped, and of a block that overlaps only the new rows are delivered', async () => {
    const { subscriber, send } = await open()
    await send(0, 4)
    await send(0, 4)
    await send(8, 2)
    await send(2, 10)
    const sink = new CollectingSink()
    await subscriber.run(sink, { maxValues: 12 })
    expect(sink.values).toEqual([0, 1, 2, 3, 8, 9, 4, 5, 6, 7, 10, 11])
    expect(sink.seqs).toEqual([0, 8, 4, 10])
    expect(subscriber.statistics.counts()).toMatchObject({ received: 12, lost: 0, repeated: 8, pending: 0 })
  })

  test('values under numbers that others had are dropped, counted and warned of once: a restart with the same epoch', async () => {
    const log = recordingLog()
    const { subscriber, send } = await open({ log })
    await send(0, 5)
    for (let seq = 0; seq < 4; seq++) await send(seq)
    await send(4, 3)
    expect(subscriber.statistics.counts()).toMatchObject({
      received: 7,
      lost: 0,
      pending: 7,
      repeated: 5,
      duplicate: 5,
    })
    expect(log.lines).toEqual([expect.stringContaining('numbers/random repeats sequence numbers')])
  })

  test('a restart with the same epoch below the first number that came loses nothing, and is warned of once', async () => {
    const log = recordingLog()
    const { subscriber, send } = await open({ log })
    await send(5000, 3)
    for (let seq = 0; seq < 4; seq++) await send(seq)
    expect(subscriber.statistics.counts()).toMatchObject({ received: 7, lost: 0, duplicate: 0, pending: 7 })
    await send(2)
    expect(subscriber.statistics.counts()).toMatchObject({ received: 7, lost: 0, duplicate: 1 })
    expect(log.lines).toHaveLength(1)
  })

  test('a new epoch is a restart, not a loss', async () => {
    const { subscriber, send } = await open()
    await send(1000, 2, 1)
    await send(0, 2, 2)
    const sink = new CollectingSink()
    await subscriber.run(sink, { maxValues: 4 })
    expect(sink.values).toEqual([1000, 1001, 0, 1])
    expect(subscriber.statistics.counts()).toMatchObject({ received: 4, lost: 0, repeated: 0 })
  })

  test('two publishers on one topic are warned of once, and both are delivered', async () => {
    const log = recordingLog()
    const { subscriber, send } = await open({ log })
    for (let seq = 0; seq < 5; seq++) for (const epoch of [1, 2]) await send(seq, 1, epoch)
    expect(subscriber.statistics.counts()).toMatchObject({ received: 10, lost: 0 })
    expect(log.lines).toEqual([expect.stringContaining('two publishers use the topic numbers/random')])
  })

  test('with delivery latest a slow sink gets the newest frame, and what it missed is counted as skipped', async () => {
    const { subscriber, sendFrame } = await open({ topics: ['video/main'], delivery: 'latest' })
    const sink = new CollectingSink(async ({ block }) => {
      if (block.seq === 0) for (let seq = 1; seq <= 10; seq++) await sendFrame(seq)
    })
    const running = subscriber.run(sink, { maxValues: 2 })
    await sendFrame(0)
    await running
    expect(sink.seqs).toEqual([0, 10])
    const { received, delivered, skipped, pending, lost } = subscriber.statistics.counts()
    expect({ received, delivered, skipped, pending, lost }).toEqual({
      received: 11,
      delivered: 2,
      skipped: 9,
      pending: 0,
      lost: 0,
    })
    expect(subscriber.statistics.topic('video/main')).toMatchObject({ width: 16, height: 9 })
  })

  test('what one topic skips is not counted for another', async () => {
    const { subscriber, sendFrame } = await open({ topics: ['video/'], delivery: 'queue:2' })
    for (const topic of ['video/a', 'video/b', 'video/b', 'video/b']) {
      await sendFrame(subscriber.statistics.topic(topic).counts().received, topic)
    }
    expect(subscriber.statistics.topic('video/a').counts()).toMatchObject({ received: 1, skipped: 1 })
    expect(subscriber.statistics.topic('video/b').counts()).toMatchObject({
      received: 3,
      skipped: 1,
      pending: 2,
    })
  })

  test('with delivery all, a consumer that is too slow fails rather than lose in silence', async () => {
    const { subscriber, send } = await open({ maxMemoryBytes: 1000 })
    for (let seq = 0; seq < 5; seq++) await send(seq)
    const sink = new CollectingSink()
    await expect(subscriber.run(sink)).rejects.toMatchObject({ code: 'ERR_MEMORY_LIMIT' })
    expect(sink.values).toEqual([])
    expect(sink.closed).toBe(1)
    expect(subscriber.statistics.counts()).toMatchObject({ received: 3, delivered: 0, pending: 3 })
    await expect(subscriber.run(new CollectingSink())).rejects.toMatchObject({ code: 'ERR_MEMORY_LIMIT' })
  })

  test('a sink that takes nothing any more holds up neither an end that was asked for nor a failure', async () => {
    const { subscriber, send } = await open({ maxMemoryBytes: 1000 })
    const controller = new AbortController()
    const stopped = new CollectingSink(async () => {
      controller.abort()
      await new Promise(() => undefined)
    })
    const ended = subscriber.run(stopped, { signal: controller.signal })
    await send(0)
    await ended
    const failed = expect(subscriber.run(stopped)).rejects.toMatchObject({ code: 'ERR_MEMORY_LIMIT' })
    for (let seq = 1; seq < 6; seq++) await send(seq)
    await failed
    expect(stopped.closed).toBe(2)
    expect(subscriber.statistics.counts()).toMatchObject({ received: 5, delivered: 2, pending: 3 })
  })

  test('tells when the sink is open, before anything comes to it, and not where it cannot be opened', async () => {
    const { subscriber, send } = await open()
    await send(0)
    const sink = new CollectingSink()
    const before: (readonly [opened: boolean, written: number])[] = []
    const onOpen = (): void => void before.push([sink.context !== undefined, sink.envelopes.length])
    await subscriber.run(sink, { maxValues: 1, onOpen })
    expect(before).toEqual([[true, 0]])
    const broken = new CollectingSink()
    broken.open = () => Promise.reject(new Error('no'))
    await expect(subscriber.run(broken, { onOpen })).rejects.toThrow('no')
    expect(before).toHaveLength(1)
  })

  test('retained values count like any other, but their age is no latency', async () => {
    const { subscriber, publisher } = await open()
    const block = {
      kind: 'numbers',
      seq: 3,
      time: 0,
      rows: 1,
      columns: 1,
      data: new Float64Array(1),
    } as const
    const retained: Envelope = { topic: 'numbers/random', epoch: 1, retained: true, block }
    await publisher.send(codec.encode(retained))
    await publisher.send(codec.encode(retained))
    await subscriber.run(new CollectingSink(), { maxValues: 1 })
    await settle()
    expect(subscriber.statistics.counts()).toMatchObject({
      received: 1,
      delivered: 1,
      repeated: 1,
      duplicate: 0,
    })
    expect(subscriber.statistics.latency.clocksDiffer).toBe(false)
    expect(subscriber.statistics.latency.summary()).toBeNull()
  })
})

describe('messages from outside', () => {
  test('a topic whose name only begins with the one asked for is not delivered, nor counted', async () => {
    const { subscriber, sendFrame } = await open({ topics: ['video/cam1'], delivery: 'latest' })
    await sendFrame(0, 'video/cam10')
    await sendFrame(0, 'video/cam1')
    expect([...subscriber.statistics.topics.keys()]).toEqual(['video/cam1'])
    expect(subscriber.statistics.counts()).toMatchObject({ received: 1, invalid: 0 })
  })

  test('a malformed message is counted as invalid and logged, and leaves the sums alone', async () => {
    const log = recordingLog()
    const { subscriber, send, sendRaw } = await open({ log })
    await send(0)
    await sendRaw('numbers/random', 'not msgpack')
    await sendRaw('numbers/random')
    await sendRaw('numbers/random!', '')
    await send(1)
    expect(subscriber.statistics.counts()).toMatchObject({ received: 2, lost: 0, invalid: 3, unsupported: 0 })
    expect(subscriber.statistics.topic('numbers/random').invalid).toBe(2)
    expect(subscriber.statistics.invalid).toBe(1)
    expect(log.lines).toHaveLength(3)
  })

  test('another version is counted as unsupported', async () => {
    const { subscriber, sendRaw } = await open()
    await sendRaw('numbers/random', Uint8Array.of(0x81, 0xa1, 0x76, 2))
    expect(subscriber.statistics.counts()).toMatchObject({ received: 0, invalid: 0, unsupported: 1 })
  })

  test('a numbered message of ours that was damaged shows once as invalid and once as lost', async () => {
    const { subscriber, send, sendRaw } = await open()
    await send(0)
    await sendRaw('numbers/random', 'damaged')
    await send(2)
    expect(subscriber.statistics.counts()).toMatchObject({ received: 2, lost: 1, invalid: 1 })
  })

  test('hostile topics open no accounts, however many and however long', async () => {
    const log = recordingLog()
    const { subscriber, sendRaw } = await open({ topics: ['video/'], delivery: 'latest', log })
    for (let count = 0; count < 300; count++) await sendRaw(`video/ ${count}`, '')
    await sendRaw(`video/${'a'.repeat(2 ** 20)}`, '')
    expect(subscriber.statistics.topics.size).toBe(0)
    expect(subscriber.statistics.counts()).toMatchObject({ invalid: 301 })
    expect(new Set(log.lines).size).toBe(1)
  })

  test('accounts are kept for 256 topics; messages on more are refused', async () => {
    const { subscriber, sendFrame } = await open({ topics: ['video/'], delivery: 'latest' })
    for (let count = 0; count < 260; count++) await sendFrame(0, `video/${count}`)
    expect(subscriber.statistics.topics.size).toBe(256)
    expect(subscriber.statistics.counts()).toMatchObject({ received: 256, invalid: 4 })
  })
})

describe('running', () => {
  test('ends after so many values, in the middle of a block; the rest stays pending for the next run', async () => {
    const { subscriber, send } = await open()
    await send(0, 5)
    const first = new CollectingSink()
    await subscriber.run(first, { maxValues: 3 })
    expect(first.values).toEqual([0, 1, 2])
    expect(subscriber.statistics.counts()).toMatchObject({ received: 5, delivered: 3, pending: 2 })
    const second = new CollectingSink()
    await subscriber.run(second, { maxValues: 2 })
    expect(second.values).toEqual([3, 4])
    expect(second.seqs).toEqual([3])
  })

  test('the sink is opened with the accounts and the state, and closed at the end', async () => {
    const { subscriber, send } = await open()
    await send(0)
    const sink = new CollectingSink()
    await subscriber.run(sink, { maxValues: 1 })
    expect(sink.context?.statistics).toBe(subscriber.statistics)
    expect(sink.context?.state()).toBe('live')
    expect(sink.closed).toBe(1)
  })

  test('a signal ends the run while it waits, and leaves no listener behind', async () => {
    const { subscriber } = await open()
    const controller = new AbortController()
    const { signal } = controller
    const added = jest.spyOn(signal, 'addEventListener')
    const removed = jest.spyOn(signal, 'removeEventListener')
    const running = subscriber.run(new CollectingSink(), { signal })
    await settle()
    controller.abort()
    await running
    expect(added).toHaveBeenCalledTimes(1)
    expect(removed.mock.calls[0]?.slice(0, 2)).toEqual(added.mock.calls[0]?.slice(0, 2))
  })

  test('a signal that aborted before ends the run before the first value', async () => {
    const { subscriber, send } = await open()
    await send(0)
    const sink = new CollectingSink()
    await subscriber.run(sink, { signal: AbortSignal.abort() })
    expect(sink.envelopes).toEqual([])
    expect(sink.closed).toBe(1)
    expect(subscriber.statistics.counts()).toMatchObject({ received: 1, pending: 1 })
  })

  test('a sink that fails ends the run with its error, and is closed', async () => {
    const { subscriber, send } = await open()
    await send(0)
    const sink = new CollectingSink(() => Promise.reject(new Error('full')))
    await expect(subscriber.run(sink)).rejects.toThrow('full')
    expect(sink.closed).toBe(1)
  })

  test('a sink that cannot be opened is closed', async () => {
    const { subscriber } = await open()
    const sink = new CollectingSink()
    sink.open = () => Promise.reject(new Error('no display'))
    await expect(subscriber.run(sink)).rejects.toThrow('no display')
    expect(sink.closed).toBe(1)
  })

  test('iterating gives the envelopes, and ends with close', async () => {
    const { subscriber, send } = await open()
    await send(0)
    await send(1)
    const seqs: unknown[] = []
    for await (const { block } of subscriber) {
      seqs.push(block.seq)
      if (seqs.length === 2) void send(2)
      if (seqs.length === 3) void subscriber.close()
    }
    expect(seqs).toEqual([0, 1, 2])
  })

  test('close ends a run at once: what was not delivered stays pending', async () => {
    const { subscriber, send } = await open()
    for (let seq = 0; seq < 5; seq++) await send(seq)
    const sink = new CollectingSink(() => subscriber.close())
    await subscriber.run(sink)
    expect(sink.seqs).toEqual([0])
    expect(subscriber.statistics.counts()).toMatchObject({ received: 5, delivered: 1, pending: 4 })
  })
})

describe('lifecycle', () => {
  test('tells what it is doing', async () => {
    const transport = new MemoryTransport()
    const subscriber = await Subscriber.open({
      topics: ['numbers/'],
      delivery: 'all',
      connect: [ENDPOINT],
      transport,
    })
    const states: SubscriberState[] = [subscriber.state]
    subscriber.on('state', (state) => states.push(state))
    for (let round = 0; round < 2; round++) {
      const publisher = await transport.openPublish({ bind: [ENDPOINT] })
      await publisher.close()
    }
    await Promise.all([subscriber.close(), subscriber.close()])
    await subscriber[Symbol.asyncDispose]()
    expect(states).toEqual(['connecting', 'live', 'connecting', 'live', 'connecting', 'closed'])
    expect(subscriber.endpoints).toEqual([ENDPOINT])
  })

  test('a run and an iteration of a closed subscriber end at once', async () => {
    const { subscriber } = await open()
    await subscriber.close()
    await subscriber.run(new CollectingSink())
    for await (const envelope of subscriber) expect(envelope).toBeUndefined()
  })

  test.each<[string, Partial<SubscriberOptions>, string]>([
    ['a topic that breaks the rules', { topics: ['numbers/random', 'a b'] }, 'ERR_TOPIC'],
    ['no topic', { topics: [] }, 'ERR_TOPIC'],
    ['a delivery policy that is none', { delivery: 'queue:0' }, 'ERR_OPTION'],
    ['an endpoint that cannot be parsed', { connect: ['nonsense'] }, 'ERR_ENDPOINT'],
    ['no endpoint', { connect: [] }, 'ERR_ENDPOINT'],
    ['topics that are no list', { topics: 'numbers/random' as unknown as string[] }, 'ERR_TOPIC'],
  ])('%s is refused, and no socket stays open', async (_, options, code) => {
    let opened = 0
    const memory = new MemoryTransport()
    const transport: Transport = {
      pattern: 'publish/subscribe',
      openPublish: (socketOptions) => memory.openPublish(socketOptions),
      openSubscribe: async (socketOptions) => {
        const socket = await memory.openSubscribe(socketOptions)
        opened += 1
        return socket
      },
    }
    const opening = Subscriber.open({
      topics: ['numbers/'],
      delivery: 'all',
      connect: [ENDPOINT],
      transport,
      ...options,
    })
    await expect(opening).rejects.toMatchObject({ code })
    expect(opened).toBe(0)
  })

  test('is stale while it is connected and nothing comes, and live again with the next new value', async () => {
    const { subscriber, publisher, send } = await open({ heartbeatMs: 100 })
    const subscriptions: string[] = []
    const states: SubscriberState[] = []
    const stale = new Promise<void>((resolve) => {
      subscriber.on('state', (state) => {
        states.push(state)
        if (state === 'stale') resolve()
      })
    })
    await send(0)
    // Those that are there already are told of first.
    publisher.onSubscription((prefix, on) => subscriptions.push(`${on ? '+' : '-'}${prefix}`))
    await stale
    // What was asked for may have been damaged on its way.
    expect(subscriptions).toEqual(['+numbers/random', '-numbers/random', '+numbers/random'])
    // What somebody else is given for joining late is nothing new.
    await send(0)
    expect(subscriber.state).toBe('stale')
    await send(1)
    expect(states).toEqual(['stale', 'live'])
    expect(subscriber.state).toBe('live')
  })
})

describe('events', () => {
  test('tell each loss once, and what was lost of the topic in all', async () => {
    const { subscriber, send } = await open()
    const losses: unknown[] = []
    subscriber.on('loss', (loss) => losses.push(loss))
    for (const seq of [0, 1, 3, 4, 7]) await send(seq)
    expect(losses).toEqual([
      { topic: 'numbers/random', lost: 1, total: 1 },
      { topic: 'numbers/random', lost: 2, total: 3 },
    ])
  })

  test('are told no more once their listener was stopped', async () => {
    const { subscriber, send } = await open()
    const losses: unknown[] = []
    const stop = subscriber.on('loss', (loss) => losses.push(loss))
    await send(0)
    await send(2)
    stop()
    stop()
    await send(4)
    expect(losses).toHaveLength(1)
  })

  test('of an unknown name are refused', async () => {
    const { subscriber } = await open()
    const listen = (): unknown => subscriber.on('lost' as 'loss', () => undefined)
    expect(listen).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTION',
        message: 'there is no event "lost" to listen to: the events are state, loss, network, rendition',
      }),
    )
  })
})

describe('what a caller leaves out', () => {
  test('one endpoint needs no list', async () => {
    const { subscriber, send } = await open({ connect: ENDPOINT })
    await send(0)
    expect(subscriber.statistics.counts()).toMatchObject({ received: 1 })
  })
})

test('a second consumer is refused while the first one takes, and welcome after it', async () => {
  const { subscriber, send } = await open()
  await send(0, 3)
  const first = subscriber[Symbol.asyncIterator]()
  await first.next()
  const refused = { code: 'ERR_OPTION', message: expect.stringContaining('already') }
  await expect(subscriber[Symbol.asyncIterator]().next()).rejects.toMatchObject(refused)
  await expect(subscriber.run(new CollectingSink())).rejects.toMatchObject(refused)
  await first.return(undefined)
  await send(3)
  for await (const { block } of subscriber) {
    expect(block.seq).toBe(3)
    break
  }
})

describe('names and units', () => {
  test('are given to every block of their epoch and columns', async () => {
    const { subscriber, publisher } = await open()
    const deliver = async (seq: number, columns: number, epoch: number, names?: readonly string[]) => {
      const data = new Float64Array(columns)
      const block = { kind: 'numbers', seq, time: 0, rows: 1, columns, data, names } as const
      await publisher.send(codec.encode({ topic: 'numbers/random', epoch, block }))
      await settle()
    }
    await deliver(0, 2, 1)
    await deliver(1, 2, 1, ['x', 'y'])
    await deliver(2, 2, 1)
    await deliver(3, 3, 1)
    await deliver(0, 2, 2)
    const names: unknown[] = []
    for await (const { block } of subscriber) {
      names.push((block as NumbersBlock).names)
      if (names.length === 5) break
    }
    expect(names).toEqual([undefined, ['x', 'y'], ['x', 'y'], undefined, undefined])
  })
})

describe('a pause', () => {
  test('takes the subscription back, and what is sent meanwhile is neither received nor lost', async () => {
    const { subscriber, publisher, send } = await open()
    const changes: string[] = []
    publisher.onSubscription((prefix, on) => changes.push(`${on ? '+' : '-'}${prefix}`))
    for (const seq of [0, 1, 3]) await send(seq)
    subscriber.pause()
    subscriber.pause()
    expect(subscriber.state).toBe('idle')
    for (const seq of [4, 5, 6]) await send(seq)
    subscriber.resume()
    subscriber.resume()
    expect(subscriber.state).toBe('live')
    for (const seq of [7, 9]) await send(seq)
    expect(changes).toEqual(['+numbers/random', '-numbers/random', '+numbers/random'])
    expect(subscriber.statistics.counts()).toMatchObject({ received: 5, lost: 2, pending: 5 })
  })

  test('goes on while publishers come and go', async () => {
    const { subscriber, publisher } = await open()
    subscriber.pause()
    const states: SubscriberState[] = []
    subscriber.on('state', (state) => states.push(state))
    await publisher.close()
    expect(subscriber.state).toBe('idle')
    subscriber.resume()
    expect(states).toEqual(['connecting'])
  })

  test('does not outlive the subscriber', async () => {
    const { subscriber } = await open()
    subscriber.pause()
    await subscriber.close()
    subscriber.resume()
    subscriber.pause()
    expect(subscriber.state).toBe('closed')
  })

  test('is for the sink to make, unless the run ends by what is delivered', async () => {
    const { subscriber, send } = await open()
    const sink = new CollectingSink()
    await subscriber.run(sink, { signal: AbortSignal.abort() })
    expect(sink.context?.subscription).toBe(subscriber)
    await send(0)
    await subscriber.run(sink, { maxValues: 1 })
    expect(sink.context?.subscription).toBeUndefined()
  })
})
