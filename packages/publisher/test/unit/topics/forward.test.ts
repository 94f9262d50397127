import { afterEach, describe, expect, test } from '@jest/globals'
import {
  type Envelope,
  isRejection,
  MemoryTransport,
  MsgpackCodec,
  type SubscribeSocket,
} from '@zcast/shared'
import { decodeTopicList, formatLaneRequest, laneTopic, topicsRequest } from '@zcast/shared/internal'
import { frame, rows } from '@zcast/testing/streams/list-source'
import type { PublisherOptions } from '../../../src/publisher-options.ts'
import { Publisher } from '../../../src/publisher.ts'

const codec = new MsgpackCodec()
const topic = 'numbers/imu'
const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function open(options: Partial<PublisherOptions> = {}) {
  const transport = new MemoryTransport()
  const publisher = await Publisher.open({ bind: 'inproc://forward', transport, ...options })
  closers.push(() => publisher.close(false))
  const subscribe = async (...prefixes: string[]): Promise<SubscribeSocket> => {
    const socket = await transport.openSubscribe({ connect: ['inproc://forward'] })
    for (const prefix of prefixes) socket.subscribe(prefix)
    closers.push(() => socket.close())
    return socket
  }
  return { publisher, subscribe }
}

async function next(socket: SubscribeSocket): Promise<Envelope> {
  for await (const message of socket.messages()) {
    const envelope = codec.decode(message)
    if (isRejection(envelope)) throw new Error(envelope.reason)
    return envelope
  }
  throw new Error('the socket was closed')
}

function numbers(epoch: number, seq: number, count: number): Envelope {
  return { topic, epoch, block: { ...rows(...Array.from({ length: count }, () => 1)), seq, time: 5 + seq } }
}

describe('Publisher.forward', () => {
  test('sends values with their own epoch, number and time, batched as they came', async () => {
    const { publisher, subscribe } = await open()
    const socket = await subscribe('numbers/')
    const forward = publisher.forward(topic)
    // Not awaited: those of a usual topic would share a message.
    void forward.send(numbers(7, 40, 3))
    void forward.send(numbers(7, 43, 1))
    await forward.send(numbers(8, 0, 2))
    const came = [await next(socket), await next(socket), await next(socket)]
    expect(came.map(({ epoch, block }) => [epoch, block.seq, block.time])).toEqual([
      [7, 40, 45],
      [7, 43, 48],
      [8, 0, 5],
    ])
    expect(came[0]?.block).toMatchObject({ rows: 3, columns: 1 })
    expect(publisher.sent).toBe(6)
  })

  test('takes thousands of small ones at once, in order', async () => {
    const { publisher, subscribe } = await open({ delivery: 'all' })
    const socket = await subscribe('numbers/')
    const forward = publisher.forward(topic)
    const sent = Array.from({ length: 3000 }, (_, seq) => forward.send(numbers(7, seq, 1)))
    for (let seq = 0; seq < sent.length; seq++) expect((await next(socket)).block.seq).toBe(seq)
    await Promise.all(sent)
    expect(publisher.sent).toBe(sent.length)
  })

  test('refuses small ones when the memory that they take is used up, which is more than their data', async () => {
    const { publisher } = await open()
    const forward = publisher.forward(topic)
    const one = numbers(7, 0, 1)
    let refused = 0
    // Of 8 bytes each: 1.6 MB of data.
    for (let count = 0; count < 200_000; count++) forward.send(one).catch(() => (refused += 1))
    await forward.close()
    expect(refused).toBeGreaterThan(0)
    expect(publisher.dropped).toBe(refused)
    expect(publisher.sent).toBe(200_000 - refused)
  })

  test('does not copy the bytes of a picture', async () => {
    const { publisher, subscribe } = await open({ pictureTopics: 1 })
    const socket = await subscribe('video/main')
    const picture = { ...frame(9), seq: 17 }
    await publisher.forward('video/main').send({ topic: 'video/main', epoch: 7, block: picture })
    for await (const [, , data] of socket.messages()) {
      expect(data?.buffer).toBe(picture.data.buffer)
      break
    }
  })

  test('keeps the last value for who joins late, as what it is', async () => {
    const { publisher, subscribe } = await open()
    const forward = publisher.forward(topic)
    await forward.send(numbers(7, 40, 3))
    await forward.send({ ...numbers(7, 39, 1), retained: true })
    expect(await next(await subscribe(topic))).toMatchObject({
      epoch: 7,
      retained: true,
      block: { seq: 42, rows: 1 },
    })
  })

  test('forgets the last value when it is told to', async () => {
    const { publisher, subscribe } = await open()
    const forward = publisher.forward(topic)
    await forward.send(numbers(7, 40, 3))
    forward.forget()
    const socket = await subscribe(topic)
    await forward.send(numbers(7, 43, 1))
    expect((await next(socket)).block.seq).toBe(43)
  })

  test('opens lanes for the epoch that was announced, before anything is sent', async () => {
    const { publisher, subscribe } = await open({ pictureTopics: 1 })
    const watched: boolean[] = []
    const forward = publisher.forward('video/main', { onWatched: (isWatched) => watched.push(isWatched) })
    const size = { width: 640, height: 480 }
    const rates = { perSecond: 9, messagesPerSecond: 9, bytesPerSecond: 9 }
    forward.announce({ topic: 'video/main', kind: 'video', epoch: 7, sent: 12, ...size, ...rates })
    const name = 'n'.repeat(22)
    const key = 'k'.repeat(22)
    const socket = await subscribe(laneTopic(name))
    socket.tell(formatLaneRequest({ type: 'open', name, key, epoch: 7, topic: 'video/main' }))
    expect(watched).toEqual([true])
    const question = topicsRequest('q'.repeat(22))
    const asking = await subscribe(question)
    for await (const message of asking.messages()) {
      expect(decodeTopicList(message)).toMatchObject({
        topics: [{ topic: 'video/main', epoch: 7, sent: 12, perSecond: 0, ...size }],
      })
      break
    }
    await forward.send({ topic: 'video/main', epoch: 7, block: { ...frame(1), seq: 12 } })
    for await (const [topicPart = new Uint8Array()] of socket.messages()) {
      expect(Buffer.from(topicPart).toString()).toBe(`${laneTopic(name)}video/main`)
      break
    }
  })

  test('refuses what has no number, or belongs to another topic', async () => {
    const { publisher } = await open()
    const forward = publisher.forward('numbers/imu')
    await expect(forward.send({ topic, block: rows(1) })).rejects.toThrow('without an epoch')
    await expect(forward.send({ ...numbers(7, 0, 1), topic: 'numbers/other' })).rejects.toThrow(
      'cannot be sent',
    )
    expect(() => publisher.forward('numbers/imu')).toThrow('already being sent')
    expect(() => publisher.forward('weather')).toThrow('not a topic')
    await forward.close()
    await expect(forward.send(numbers(7, 0, 1))).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await publisher.forward('numbers/imu').send(numbers(7, 0, 1))
  })
})
