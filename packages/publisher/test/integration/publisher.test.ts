import { release } from 'node:os'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Unpackr } from 'msgpackr'
import * as zmq from 'zeromq'
import { useRawSubscriber } from '@zcast/testing/streams/raw-subscriber'
import { WatchedTransport } from '@zcast/testing/streams/watched-transport'
import type { PublisherOptions } from '../../src/publisher-options.ts'
import { Publisher } from '../../src/publisher.ts'
import { RandomNumbersSource } from '../../src/sources/numbers/random-numbers-source.ts'
import type { Source } from '../../src/sources/source.ts'
import type { Block } from '@zcast/shared'
import { frame, ListSource, rows } from '@zcast/testing/streams/list-source'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'

const openRaw = useRawSubscriber()

const closing: (() => unknown)[] = []

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

async function open(
  options: Partial<PublisherOptions> = {},
): Promise<{ publisher: Publisher; endpoint: string; transport: WatchedTransport }> {
  const transport = new WatchedTransport()
  const publisher = await Publisher.open({
    bind: ['tcp://127.0.0.1:*'],
    expectedBytes: 100,
    transport,
    ...options,
  })
  closing.push(() => publisher.close())
  return { publisher, endpoint: publisher.endpoints.at(0) as string, transport }
}

/** A subscriber of another make. */
function subscribe(
  endpoint: string,
  prefix: string,
  options: { receiveHighWaterMark?: number } = {},
): zmq.Subscriber {
  const socket = new zmq.Subscriber({ linger: 0, ...options })
  closing.push(() => socket.close())
  socket.connect(endpoint)
  socket.subscribe(prefix)
  return socket
}

describe('Publisher over ZeroMQ', () => {
  test('a subscriber of another make reads topic, header and attachment', async () => {
    const { publisher, endpoint, transport } = await open()
    const socket = subscribe(endpoint, '')
    await transport.subscriptions.last('+')
    const unpackr = new Unpackr({ useRecords: false })
    await publisher.run(new ListSource([rows(7), rows(8, 9)]), { stream: 'mine' })
    const [topic, header] = await socket.receive()
    expect(String(topic)).toBe('numbers/mine')
    expect(unpackr.unpack(header ?? Buffer.alloc(0))).toEqual({
      v: 1,
      epoch: expect.any(Number),
      seq: 0,
      time: 0,
      values: [7],
    })
    const [, batch, attachment] = await socket.receive()
    expect(unpackr.unpack(batch ?? Buffer.alloc(0))).toMatchObject({ seq: 1, rows: 2, columns: 1 })
    expect([attachment?.readDoubleLE(0), attachment?.readDoubleLE(8)]).toEqual([8, 9])
  })

  test('other names begin a new epoch, and whoever comes is told the names with the next message', async () => {
    const { publisher, endpoint, transport } = await open({ batch: false })
    const unpackr = new Unpackr({ useRecords: false })
    const headers: Record<string, unknown>[] = []
    const receive = async (socket: zmq.Subscriber, count: number): Promise<void> => {
      for (let message = 0; message < count; message++) {
        const [, header] = await socket.receive()
        headers.push(unpackr.unpack(header ?? Buffer.alloc(0)) as Record<string, unknown>)
      }
    }
    const first = subscribe(endpoint, '')
    await transport.subscriptions.last('+')
    const [a, b] = [['a'], ['b']]
    const blocks = async function* (): AsyncGenerator<Block> {
      yield { ...rows(1), names: a }
      yield { ...rows(2), names: a }
      yield { ...rows(3), names: b }
      await receive(first, 3)
      subscribe(endpoint, 'numbers/')
      await transport.subscriptions.last('+numbers/')
      yield { ...rows(4), names: b }
      await receive(first, 1)
    }
    await publisher.run({ kind: 'numbers', expectedBytes: 100, blocks }, { stream: 'mine' })
    expect(headers.map(({ seq, names }) => [seq, names])).toEqual([
      [0, ['a']],
      [1, undefined],
      [0, ['b']],
      [1, ['b']],
    ])
    const epochs = headers.map(({ epoch }) => epoch)
    expect(epochs[0]).toBe(epochs[1])
    expect(epochs[2]).toBe(epochs[3])
    expect(epochs[1]).not.toBe(epochs[2])
  })

  test('a source is told when somebody comes, and when the last one has gone', async () => {
    const { publisher, endpoint } = await open()
    const told: string[] = []
    const source: Source = {
      kind: 'video',
      expectedBytes: 1,
      async *blocks({ demand, signal }) {
        const changed = (): Promise<void> =>
          new Promise((resolve) => {
            const stop = demand.onChange(() => {
              stop()
              resolve()
            })
          })
        for (let round = 0; round < 2; round++) {
          const come = changed()
          const socket = subscribe(endpoint, 'video/')
          await come
          told.push([...demand.wanted].join())
          const gone = changed()
          socket.close()
          await gone
          told.push(String(demand.wanted.size))
        }
        if (!signal.aborted) yield frame(1)
      },
    }
    await publisher.run(source, { stream: 'main' })
    expect(told).toEqual(['', '0', '', '0'])
  })

  test('as fast as possible for a subscriber that leaves does not take the whole process', async () => {
    const { publisher, endpoint, transport } = await open({ delivery: 'all' })
    const socket = subscribe(endpoint, 'numbers/')
    const controller = new AbortController()
    const source = new RandomNumbersSource({ intervalMs: 0 })
    const running = publisher.run(source, { stream: 'random', signal: controller.signal })
    await socket.receive()
    socket.close()
    await transport.subscriptions.last('-numbers/')
    controller.abort()
    await running
  })

  test('a lossless publisher ends in good order while a subscriber reads nothing', async () => {
    const { publisher, endpoint, transport } = await open({ delivery: 'all', expectedBytes: 2 ** 20 })
    subscribe(endpoint, 'video/', { receiveHighWaterMark: 1 })
    await transport.subscriptions.last('+video/')
    const controller = new AbortController()
    let yielded = 0
    function* frames(): Generator<ReturnType<typeof frame>> {
      // More than the queues of both ends and the kernel hold.
      for (; yielded < 200; yielded++) yield frame(2 ** 20)
    }
    const source = new ListSource(frames(), 'video')
    const running = publisher.run(source, { stream: 'main', signal: controller.signal })
    for (let before = -1; before !== publisher.sent;) {
      before = publisher.sent
      // It is stuck when nothing was sent for so many turns; if it was not yet, the end is as good.
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
    }
    controller.abort()
    await running
    expect(source.freed).toBe(true)
    expect(yielded).toBeLessThan(200)
  })

  const [major = 0, minor = 0] = release().split('.').map(Number)
  const cutsOff = process.platform === 'linux' && (major > 5 || (major === 5 && minor >= 11))
  if (!cutsOff) console.log('nobody who takes nothing is cut off alone here: that takes Linux 5.11')
  const testWithUserTimeout = cutsOff ? test : test.skip

  testWithUserTimeout(
    'a lossless publisher cuts off one that takes nothing but goes on to speak, it alone, and names it',
    async () => {
      const log = new RecordingLog()
      const options = { delivery: 'all', expectedBytes: 2 ** 20, heartbeatMs: 1500, log } as const
      const { publisher, endpoint, transport } = await open(options)
      const good = subscribe(endpoint, 'video/')
      const gone: string[] = []
      good.events.on('disconnect', ({ address }) => gone.push(address))
      let received = 0
      const reading = (async () => {
        for await (const message of good) received += message.length > 0 ? 1 : 0
      })()
      const stuck = await openRaw(endpoint)
      stuck.subscribe('video/')
      await transport.subscriptions.count(2)
      stuck.stopReading()
      const controller = new AbortController()
      let yielded = 0
      function* frames(): Generator<ReturnType<typeof frame>> {
        for (;;) {
          yielded += 1
          yield frame(2 ** 20)
        }
      }
      const running = publisher.run(new ListSource(frames(), 'video'), {
        stream: 'main',
        signal: controller.signal,
      })
      // It may be said before that the network holds it up.
      await log.line(
        /^a subscriber of video\/main \(127\.0\.0\.1:\d+\) read nothing, held up the others for \d+\.\d s, and was cut off$/,
      )
      const before = yielded
      while (yielded < before + 100) await new Promise(setImmediate)
      controller.abort()
      await running
      while (received < publisher.sent) await new Promise(setImmediate)
      expect([received, gone]).toEqual([publisher.sent, []])
      good.close()
      await reading
    },
  )

  test('an address in use is named', async () => {
    const { endpoint } = await open()
    await expect(Publisher.open({ bind: [endpoint], expectedBytes: 1 })).rejects.toMatchObject({
      code: 'ERR_ADDRESS_IN_USE',
      endpoint,
    })
  })
})
