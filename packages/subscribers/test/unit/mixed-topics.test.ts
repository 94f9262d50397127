import { afterEach, describe, expect, test } from '@jest/globals'
import { type Envelope, MemoryTransport, MsgpackCodec } from '@zcast/shared'
import { Subscriber, type SubscriberOptions } from '../../src/subscriber.ts'
import { frameEnvelope, rowsEnvelope } from '@zcast/testing/streams/envelopes'
import { CollectingSink } from '@zcast/testing/streams/collecting-sink'

const ENDPOINT = 'inproc://mixed'
const codec = new MsgpackCodec()
const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

async function open(topics: readonly string[], options: Partial<SubscriberOptions> = {}) {
  const transport = new MemoryTransport()
  const publisher = await transport.openPublish({ bind: [ENDPOINT] })
  const subscriber = await Subscriber.open({ topics, connect: [ENDPOINT], transport, ...options })
  closing.push(
    () => subscriber.close(),
    () => publisher.close(),
  )
  const send = async (...envelopes: Envelope[]): Promise<void> => {
    for (const envelope of envelopes) await publisher.send(codec.encode(envelope))
    await new Promise(setImmediate)
  }
  return { subscriber, send }
}

describe('topics of several kinds in one subscription', () => {
  test('each has accounts of its own, and is delivered as its kind is used to', async () => {
    const { subscriber, send } = await open(['numbers/imu', 'video/'])
    for (let seq = 0; seq < 4; seq++) {
      await send(
        rowsEnvelope(10 * seq, 10, { topic: 'numbers/imu' }),
        rowsEnvelope(10 * seq, 10, { topic: 'numbers/other' }),
        frameEnvelope(2 * seq, { topic: 'video/front' }),
        frameEnvelope(seq, { topic: 'video/back' }),
      )
    }
    const sink = new CollectingSink()
    await subscriber.run(sink, { maxValues: 42 })
    const accounts = Object.fromEntries(
      [...subscriber.statistics.topics].map(([topic, of]) => [topic, of.counts()]),
    )
    expect(Object.keys(accounts)).toEqual(['numbers/imu', 'video/front', 'video/back'])
    expect(accounts['numbers/imu']).toMatchObject({ received: 40, delivered: 40, skipped: 0, lost: 0 })
    expect(accounts['video/front']).toMatchObject({ received: 4, delivered: 1, skipped: 3, lost: 3 })
    expect(accounts['video/back']).toMatchObject({ received: 4, delivered: 1, skipped: 3, lost: 0 })
    expect(
      sink.envelopes.filter(({ block }) => block.kind === 'video').map(({ block }) => block.seq),
    ).toEqual([6, 3])
  })

  test('kinds take turns, so that many numbers do not keep a picture waiting', async () => {
    const { subscriber, send } = await open(['numbers/', 'video/'])
    await send(...Array.from({ length: 50 }, (_, seq) => rowsEnvelope(seq, 1)), frameEnvelope(0))
    const sink = new CollectingSink()
    await subscriber.run(sink, { maxValues: 3 })
    expect(sink.envelopes.map(({ block }) => block.kind)).toContain('video')
  })

  test('numbers that nobody takes end it as they would alone, at the limit of memory', async () => {
    const { subscriber, send } = await open(['numbers/', 'video/'], { maxMemoryBytes: 10_000 })
    await send(frameEnvelope(0), rowsEnvelope(0, 2000))
    await expect(subscriber.run(new CollectingSink())).rejects.toMatchObject({ code: 'ERR_MEMORY_LIMIT' })
  })

  test('a topic asked for twice is received once', async () => {
    const { subscriber, send } = await open(['numbers/imu', 'numbers/imu', 'numbers/'])
    await send(rowsEnvelope(0, 1, { topic: 'numbers/imu' }), rowsEnvelope(1, 1, { topic: 'numbers/imu' }))
    expect(subscriber.statistics.counts()).toMatchObject({ received: 2, repeated: 0 })
  })

  test('a pause takes back all of them, and a resume asks for all again', async () => {
    const { subscriber, send } = await open(['numbers/imu', 'video/main'])
    subscriber.pause()
    await send(rowsEnvelope(0, 1, { topic: 'numbers/imu' }), frameEnvelope(0))
    expect(subscriber.statistics.topics.size).toBe(0)
    subscriber.resume()
    await send(rowsEnvelope(1, 1, { topic: 'numbers/imu' }), frameEnvelope(1))
    expect([...subscriber.statistics.topics.keys()]).toEqual(['numbers/imu', 'video/main'])
  })
})
