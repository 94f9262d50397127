import { afterEach, describe, expect, test } from '@jest/globals'
import * as zmq from 'zeromq'
import { createCurveKeys, KeySet, type Refusal, ZeromqTransport } from '../../../src/index.ts'
import { Opener, type OpenedPublish } from '@zcast/testing/streams/opened'
import { useRawSubscriber } from '@zcast/testing/streams/raw-subscriber'
import { Recorder } from '@zcast/testing/waiting/recorder'

const ANY = ['tcp://127.0.0.1:*']
const open = new Opener(() => new ZeromqTransport())
const openRaw = useRawSubscriber()
const closing: (() => void)[] = []

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function publish(): Promise<OpenedPublish & { refusals: Recorder<Refusal> }> {
  const refusals = new Recorder<Refusal>()
  const transport = new ZeromqTransport({ onRefused: refusals.add })
  return { ...(await open.publish({ bind: ANY, transport })), refusals }
}

describe('a peer that takes back what only others have subscribed to', () => {
  test('ends nothing and is told of, and the real end is told as ever', async () => {
    const publisher = await publish()
    const subscriber = await open.subscribe({ connect: [publisher.endpoint] }, ['a'])
    await publisher.subscriptions.last('+a')
    const hostile = await openRaw(publisher.endpoint)
    hostile.unsubscribe('a', 'a', 'never')
    expect(await publisher.refusals.count(1)).toMatchObject([{ side: 'publisher', reason: 'false-ends' }])
    hostile.subscribe('b')
    await publisher.subscriptions.last('+b')
    hostile.unsubscribe('a', 'b', 'a')
    await publisher.subscriptions.last('-b')
    await publisher.send('a', 'still here')
    expect(await subscriber.messages.count(1)).toEqual(['a still here'])
    subscriber.socket.unsubscribe('a')
    await publisher.subscriptions.last('-a')
    expect(publisher.subscriptions.seen).toEqual(['+a', '+b', '-b', '-a'])
  })

  test('ends nothing while others come and go', async () => {
    const publisher = await publish()
    const hostile = await openRaw(publisher.endpoint)
    const timer = setInterval(() => hostile.unsubscribe('a'), 1)
    for (let round = 0; round < 20; round++) {
      const first = await open.subscribe({ connect: [publisher.endpoint] }, ['a'])
      const second = await open.subscribe({ connect: [publisher.endpoint] }, ['a'])
      await publisher.subscriptions.until((seen) => seen.slice(3 * round).length >= 2)
      await first.socket.close()
      await publisher.send('a', 'x')
      await second.messages.count(1)
      expect(publisher.subscriptions.seen.slice(3 * round)).toEqual(['+a', '+a'])
      await second.socket.close()
      await publisher.subscriptions.count(3 * round + 3)
      expect(publisher.subscriptions.seen.at(-1)).toBe('-a')
    }
    clearInterval(timer)
  })

  test('ends nothing with a key that is allowed', async () => {
    const [server, lab, guest] = [createCurveKeys(), createCurveKeys(), createCurveKeys()]
    const allowed = new KeySet([lab.publicKey, guest.publicKey])
    const refusals = new Recorder<Refusal>()
    const transport = new ZeromqTransport({ curve: { keys: server, allowed }, onRefused: refusals.add })
    const publisher = await open.publish({ bind: ANY, transport })
    const own = new ZeromqTransport({ curve: { keys: lab, serverKey: server.publicKey } })
    await open.subscribe({ connect: [publisher.endpoint] }, ['a'], { transport: own })
    await publisher.subscriptions.last('+a')
    const hostile = new zmq.XSubscriber({
      linger: 0,
      curveServerKey: server.publicKey,
      curvePublicKey: guest.publicKey,
      curveSecretKey: guest.secretKey,
    })
    closing.push(() => hostile.close())
    // ZMQ_ONLY_FIRST_SUBSCRIBE: what follows in a message is sent as it is.
    ;(hostile as unknown as { setInt32Option(option: number, value: number): void }).setInt32Option(108, 1)
    hostile.connect(publisher.endpoint)
    await hostile.send(['x', '\0a'])
    expect(await refusals.count(1)).toMatchObject([{ reason: 'false-ends' }])
    expect(publisher.subscriptions.seen).toEqual(['+a'])
  })

  test('cannot make room for more subscriptions than are allowed', async () => {
    const publisher = await publish()
    const [hostile, helper] = [await openRaw(publisher.endpoint), await openRaw(publisher.endpoint)]
    for (let round = 0; round < 6; round++) {
      const prefixes = Array.from({ length: 1000 }, (_, index) => `${round} ${index}`)
      hostile.subscribe(...prefixes)
      await publisher.subscriptions.until((seen) => seen.includes(`+${prefixes.at(-1)}`))
      helper.unsubscribe(...prefixes)
    }
    await publisher.refusals.until((seen) => seen.some(({ reason }) => reason === 'subscriptions'))
  })
})

test('each of many subscriptions that end together is told of', async () => {
  const publisher = await publish()
  const prefixes = Array.from({ length: 350 }, (_, index) => `topic ${index}`)
  const subscriber = await open.subscribe({ connect: [publisher.endpoint] }, [...prefixes, 'a'])
  const other = await open.subscribe({ connect: [publisher.endpoint] }, ['a', ''])
  await publisher.subscriptions.count(353)
  await subscriber.socket.close()
  const ends = (await publisher.subscriptions.count(703)).slice(353)
  expect(ends.toSorted()).toEqual(prefixes.map((prefix) => `-${prefix}`).toSorted())
  await other.socket.close()
  await publisher.subscriptions.until((seen) => seen.includes('-a') && seen.includes('-'))
  expect(publisher.refusals.seen).toEqual([])
})

test('a flood of subscriptions ends with as many ends as beginnings, and everything counts as asked for meanwhile', async () => {
  const publisher = await publish()
  const current = new Set<string>()
  const wantsAll = new Recorder<boolean>()
  const counts = new Recorder<number>()
  publisher.socket.onSubscription((prefix, subscribed) => {
    current[subscribed ? 'add' : 'delete'](prefix)
    counts.add(current.size)
    if (prefix === '') wantsAll.add(subscribed)
  })
  const hostile = await openRaw(publisher.endpoint)
  hostile.subscribe(...Array.from({ length: 30_000 }, (_, index) => `t${index}`))
  await wantsAll.count(1)
  await counts.last(0)
  expect(wantsAll.seen).toEqual([true, false])
  const subscriber = await open.subscribe({ connect: [publisher.endpoint] }, ['a'])
  await publisher.subscriptions.last('+a')
  await subscriber.socket.close()
  await publisher.subscriptions.last('-a')
})
