import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import type { Envelope, Message, SubscribeSocket } from '@zcast/shared'
import {
  decodeTopicList,
  encodeTopicList,
  msgpack,
  TOPICS_TOPIC,
  topicsRequest,
} from '@zcast/shared/internal'
import type { Subscriber } from '@zcast/subscribers'
import { until } from '@zcast/testing/waiting/until'
import type { RelayOptions } from '../../src/relay-options.ts'
import type { Relay } from '../../src/relay.ts'
import { type CarriedEnvelope, RelayCodec } from '../../src/relay-codec.ts'
import { Hops } from '../support/hops.ts'

const hops = new Hops()

async function next(subscriber: Subscriber): Promise<Envelope> {
  for await (const envelope of subscriber) return envelope
  throw new Error('the subscriber was closed')
}

async function take(subscriber: Subscriber, count: number): Promise<readonly Envelope[]> {
  const taken: Envelope[] = []
  while (taken.length < count) taken.push(await next(subscriber))
  return taken
}

async function open(endpoint = '', ...prefixes: string[]): Promise<SubscribeSocket> {
  const socket = await hops.transport.openSubscribe({ connect: [endpoint] })
  for (const prefix of prefixes) socket.subscribe(prefix)
  return socket
}

async function read(socket: SubscribeSocket): Promise<Message> {
  for await (const message of socket.messages()) return message
  throw new Error('the socket was closed')
}

/** A younger value is not sent again to who joins. */
const RESENT_AFTER_MS = 600

const offer = {
  kind: 'numbers',
  epoch: 1,
  sent: 0,
  perSecond: 0,
  messagesPerSecond: 0,
  bytesPerSecond: 0,
} as const

/** A relay of a publisher that sends only what it is told to, and what is asked of that. */
async function rawPublisher(options: Partial<RelayOptions> = {}) {
  const endpoint = hops.name()
  const publisher = await hops.transport.openPublish({ bind: [endpoint] })
  const prefixes = new Set<string>()
  publisher.onSubscription((prefix, subscribed) =>
    subscribed ? prefixes.add(prefix) : prefixes.delete(prefix),
  )
  const packr = new (msgpack().Packr)({ useRecords: false, int64AsType: 'number' })
  const send = (topic: string, seq: number) =>
    publisher.send([Buffer.from(topic), packr.pack({ v: 1, epoch: 1, seq, time: 1, values: [1] })])
  return { publisher, prefixes, send, relay: await hops.relay([endpoint], options) }
}

const texts = (message: Message): readonly string[] => message.map((part) => Buffer.from(part).toString())

describe('a relay', () => {
  test('asks above for what is asked for below, and only while it is', async () => {
    const publisher = await hops.publisher()
    const first = await hops.relay(publisher.endpoints)
    const second = await hops.relay(first.endpoints)
    const [wanted, other] = [publisher.topic('numbers/a'), publisher.topic('numbers/b')]
    const subscriber = await hops.subscriber(second.endpoints, ['numbers/a'])
    await wanted.untilWatched()
    expect(other.isWatched).toBe(false)
    await subscriber.close()
    await until(() => !wanted.isWatched)
  })

  test('renumbers nothing, and counts at each hop what its publisher counts', async () => {
    const publisher = await hops.publisher({ batch: false })
    const first = await hops.relay(publisher.endpoints)
    const second = await hops.relay(first.endpoints)
    const near = await hops.subscriber(publisher.endpoints, ['numbers/a'])
    const far = await hops.subscriber(second.endpoints, ['numbers/a'])
    const topic = publisher.topic('numbers/a', { names: ['x', 'y'] })
    await until(() => first.report().topics['numbers/a'] !== undefined)
    await topic.untilWatched()
    for (let value = 0; value < 20; value++) await topic.send([value, -value], { time: 100 + value })
    const [there, here] = [await take(near, 20), await take(far, 20)]
    const facts = (all: readonly Envelope[]): unknown =>
      all.map(({ epoch, block }) => [epoch, block.seq, block.time, [...block.data]])
    expect(facts(here)).toEqual(facts(there))
    expect(here[0]?.block).toMatchObject({ names: ['x', 'y'] })
    for (const relay of [first, second]) {
      // A value may be at its subscriber before the relay has counted it.
      await until(() => relay.report().sent === 20)
      expect(relay.report()).toMatchObject({ received: 20, lost: 0, dropped: 0 })
    }
  })

  test('gives the last value to who joins late, once, and the newest after nobody was there', async () => {
    const publisher = await hops.publisher()
    const relay = await hops.relay(publisher.endpoints)
    const topic = publisher.topic('numbers/a', { names: ['x'] })
    const early = await hops.subscriber(relay.endpoints, ['numbers/a'])
    await topic.untilWatched()
    await topic.send([1])
    await next(early)
    const late = await hops.subscriber(relay.endpoints, ['numbers/a'])
    expect(await next(late)).toMatchObject({ retained: true, block: { seq: 0, names: ['x'] } })
    await early.close()
    await late.close()
    await until(() => !topic.isWatched)
    await topic.send([2])
    const later = await hops.subscriber(relay.endpoints, ['numbers/a'])
    expect(await next(later)).toMatchObject({ block: { seq: 1 } })
    expect(later.statistics.counts()).toMatchObject({ received: 1, lost: 0 })
    expect(relay.report()).toMatchObject({ received: 2, lost: 0 })
  })

  test('gives the last value of a quiet source also to who joins after all have left', async () => {
    const publisher = await hops.publisher()
    const first = await hops.relay(publisher.endpoints)
    const second = await hops.relay(first.endpoints)
    const topic = publisher.topic('numbers/a')
    const early = await hops.subscriber(second.endpoints, ['numbers/a'])
    await topic.untilWatched()
    await topic.send([7])
    await next(early)
    await early.close()
    await until(() => !topic.isWatched)
    const late = await hops.subscriber(second.endpoints, ['numbers/a'])
    expect(await next(late)).toMatchObject({ retained: true, block: { seq: 0 } })
    for (const relay of [first, second]) expect(relay.report()).toMatchObject({ received: 1, sent: 1 })
  })

  test('keeps no value that was on its way when nobody wanted it any more', async () => {
    const { publisher, send, relay, prefixes } = await rawPublisher()
    const early = await hops.subscriber(relay.endpoints, ['numbers/a'])
    await until(() => prefixes.has('numbers/a'))
    await send('numbers/a', 0)
    const envelope = await next(early)
    await early.close()
    await until(() => !prefixes.has('numbers/a'))
    relay.take({ ...envelope, block: { ...envelope.block, seq: 1 } }, false)
    await until(() => relay.report().sent === 2)
    await delay(RESENT_AFTER_MS)
    const late = await hops.subscriber(relay.endpoints, ['numbers/a'])
    await until(() => prefixes.has('numbers/a'))
    await delay(50)
    await send('numbers/a', 9)
    expect(await next(late)).toMatchObject({ block: { seq: 9 } })
    await publisher.close()
  })

  test('hands on several publishers at one endpoint', async () => {
    const publishers = [await hops.publisher(), await hops.publisher()]
    const relay = await hops.relay(publishers.flatMap(({ endpoints }) => endpoints))
    const subscriber = await hops.subscriber(relay.endpoints, ['numbers/'])
    for (const [index, publisher] of publishers.entries()) {
      const topic = publisher.topic(`numbers/${index}`)
      await topic.untilWatched()
      await topic.send([index])
    }
    expect((await take(subscriber, 2)).map(({ topic }) => topic).toSorted()).toEqual([
      'numbers/0',
      'numbers/1',
    ])
  })

  test('takes the same publisher over two ways as one', async () => {
    const publisher = await hops.publisher()
    const ways = [await hops.relay(publisher.endpoints), await hops.relay(publisher.endpoints)]
    const relay = await hops.relay(ways.flatMap(({ endpoints }) => endpoints))
    const subscriber = await hops.subscriber(relay.endpoints, ['numbers/a'])
    const topic = publisher.topic('numbers/a')
    await until(() => ways.every((way) => way.report().topics['numbers/a'] !== undefined))
    await topic.untilWatched()
    for (let value = 0; value < 10; value++) await topic.send([value])
    await take(subscriber, 1)
    await until(() => relay.report().received === 10 && relay.report().repeated === 10)
    expect(subscriber.statistics.counts()).toMatchObject({ duplicate: 0, lost: 0 })
  })

  test('says below what there is above, before anybody watches', async () => {
    const publisher = await hops.publisher()
    const topic = publisher.topic('numbers/a', { names: ['x', 'y'] })
    const first = await hops.relay(publisher.endpoints)
    const second = await hops.relay(first.endpoints)
    await until(() => second.report().topics['numbers/a'] !== undefined)
    const list = decodeTopicList(await read(await open(second.endpoints[0], topicsRequest('q'.repeat(22)))))
    expect(list).toMatchObject({
      relays: [expect.any(Number), expect.any(Number)],
      topics: [{ topic: 'numbers/a', columns: 2, names: ['x', 'y'] }],
    })
    expect(topic.isWatched).toBe(false)
  })

  test('hands on what it does not know as it came', async () => {
    const endpoint = hops.name()
    const publisher = await hops.transport.openPublish({ bind: [endpoint] })
    const first = await hops.relay([endpoint])
    const second = await hops.relay(first.endpoints)
    const asked: string[] = []
    publisher.onSubscription((prefix, subscribed) => subscribed && asked.push(prefix))
    const socket = await open(second.endpoints[0], 'weather', 'numbers/', 'pose/')
    await until(() => ['weather', 'numbers/', 'pose/'].every((prefix) => asked.includes(prefix)))
    const messages = [
      ['weather 21'],
      ['weather', 'a', '', 'c'],
      ['numbers/x', 'no header'],
      ['pose/arm', '1'],
    ]
    for (const parts of messages) await publisher.send(parts.map((part) => Buffer.from(part)))
    for (const parts of messages) expect(texts(await read(socket))).toEqual(parts)
    expect(asked).not.toContain('')
    expect(second.report()).toMatchObject({ foreign: 4, received: 0 })
    await publisher.close()
  })

  test('keeps apart what several publishers behind one socket say', async () => {
    const endpoint = hops.name()
    const publisher = await hops.transport.openPublish({ bind: [endpoint] })
    let isAsked = false
    publisher.onSubscription((prefix) => (isAsked ||= prefix === TOPICS_TOPIC))
    const relay = await hops.relay([endpoint])
    await until(() => isAsked)
    // As a NATS server hands on the answers of two.
    for (const [number, topic] of ['numbers/a', 'numbers/b'].entries()) {
      const list = { time: 1, publisher: number, relays: [number], topics: [{ ...offer, topic }] }
      for (const message of encodeTopicList(TOPICS_TOPIC, list)) await publisher.send(message)
    }
    await until(() => Object.keys(relay.report().topics).length === 2)
    const list = decodeTopicList(await read(await open(relay.endpoints[0], topicsRequest('q'.repeat(22)))))
    expect(list).toMatchObject({
      relays: [expect.any(Number), 0, 1],
      topics: [{ topic: 'numbers/a' }, { topic: 'numbers/b' }],
    })
    await publisher.close()
  })

  test('counts the hops also of topics that it does not count', async () => {
    const { publisher, prefixes, send, relay } = await rawPublisher()
    const second = await hops.relay(relay.endpoints)
    const socket = await open(second.endpoints[0], 'numbers/')
    await until(() => prefixes.has('numbers/'))
    const codec = new RelayCodec()
    for (let index = 0; index < 257; index++) await send(`numbers/${index}`, 0)
    for await (const message of socket.messages()) {
      const envelope = codec.decode(message) as CarriedEnvelope
      expect(envelope.carried?.hops).toBe(2)
      if (envelope.topic === 'numbers/256') break
    }
    await publisher.close()
  })

  test('leaves out what is over a largest rate, and those below count it as withheld', async () => {
    const publisher = await hops.publisher()
    const relay = await hops.relay(publisher.endpoints, {
      maxRates: [{ topics: 'numbers/*', perSecond: 20 }],
    })
    const below = await hops.relay(relay.endpoints)
    const subscriber = await hops.subscriber(below.endpoints, ['numbers/a'])
    const topic = publisher.topic('numbers/a')
    await until(() => below.report().topics['numbers/a'] !== undefined)
    await topic.untilWatched()
    await topic.send([0])
    await next(subscriber)
    // At once, two may pass at most.
    await Promise.all(Array.from({ length: 30 }, (_, value) => topic.send([value + 1])))
    expect((await next(subscriber)).block.seq).toBeGreaterThan(28)
    await until(() => below.report().received + below.report().withheld === 31)
    const { received, lost, withheld } = subscriber.statistics.counts()
    expect({ lost, sum: received + withheld }).toEqual({ lost: 0, sum: 31 })
    await until(() => relay.report().sent === received)
    expect(relay.report()).toMatchObject({ received: 31, withheld, lost: 0 })
  })

  test('refuses to take what it has sent itself, aloud', async () => {
    const [a, b] = [hops.name(), hops.name()]
    await hops.relay([b], { bind: a })
    await hops.relay([a], { bind: b })
    await until(() => hops.log.lines.some((line) => line.includes('leads back to this relay')))
  })

  test('refuses what has passed too many relays', async () => {
    const publisher = await hops.publisher()
    const topic = publisher.topic('numbers/a')
    let { endpoints } = publisher
    const relays: Relay[] = []
    for (let count = 0; count < 17; count++) {
      const relay = await hops.relay(endpoints)
      relays.push(relay)
      ;({ endpoints } = relay)
    }
    await hops.subscriber(endpoints, ['numbers/a'])
    await topic.untilWatched()
    await topic.send([1])
    await until(() => relays.at(-1)?.report().looped === 1)
    await until(() => relays.at(-2)?.report().sent === 1)
    expect(relays.at(-2)?.report()).toMatchObject({ received: 1 })
    expect(hops.log.lines.join('\n')).toContain('has passed 16 relays')
  })

  test('has the publisher wait while somebody below asks it to', async () => {
    const endpoint = hops.name()
    const publisher = await hops.transport.openPublish({ bind: [endpoint] })
    const held: boolean[] = []
    publisher.onSubscription((prefix, subscribed) => prefix === '!hold' && held.push(subscribed))
    const first = await hops.relay([endpoint])
    const second = await hops.relay(first.endpoints)
    const socket = await open(second.endpoints[0], '!hold')
    await until(() => held.at(-1) === true)
    socket.unsubscribe('!hold')
    await until(() => held.at(-1) === false)
    await publisher.close()
  })

  test('a format without names gets the next stream when one has ended, and one at a time', async () => {
    const { publisher, prefixes, send, relay } = await rawPublisher({
      codec: new RelayCodec(),
      isNameless: true,
    })
    const say = async (...topics: string[]) => {
      const offers = topics.map((topic) => Object.assign({}, offer, { topic }))
      for (const message of encodeTopicList(TOPICS_TOPIC, { time: 1, publisher: 1, topics: offers }))
        await publisher.send(message)
    }
    await open(relay.endpoints[0], 'numbers/')
    await until(() => prefixes.has('numbers/'))
    await say('numbers/a')
    await send('numbers/a', 0)
    await until(() => prefixes.has('numbers/a'))
    await say('numbers/b')
    await until(() => prefixes.has('numbers/b') && !prefixes.has('numbers/a'))
    await send('numbers/b', 0)
    await until(() => relay.report().topics['numbers/b']?.received === 1)
    // The first one comes back beside it.
    await say('numbers/b', 'numbers/a')
    await hops.log.line(/numbers\/a is not handed on beside numbers\/b/)
    expect(prefixes.has('numbers/a')).toBe(false)
  })
})
