import { afterEach, expect, test } from '@jest/globals'
import * as zmq from 'zeromq'
import { MAX_MESSAGE_BYTES } from '../../../src/envelope.ts'
import { type Refusal, ZeromqTransport } from '../../../src/index.ts'
import { Opener } from '@zcast/testing/streams/opened'
import { Recorder } from '@zcast/testing/waiting/recorder'

const ANY = ['tcp://127.0.0.1:*']
const open = new Opener(() => new ZeromqTransport())
const closing: (() => void)[] = []

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

test('a publisher that sends messages over the limit again and again is told of once', async () => {
  const hostile = new zmq.XPublisher({ linger: 0, verbosity: 'allSubs' })
  closing.push(() => hostile.close())
  await hostile.bind('tcp://127.0.0.1:*')
  const refusals = new Recorder<Refusal>()
  const transport = new ZeromqTransport({ onRefused: refusals.add })
  const connect = [hostile.lastEndpoint as string]
  const { states } = await open.subscribe({ connect }, ['a'], { transport })
  // The subscription, then its end and the next one, and so on.
  await hostile.receive()
  for (let round = 1; round <= 3; round++) {
    await hostile.send(['a', Buffer.alloc(MAX_MESSAGE_BYTES + 1)])
    await hostile.receive()
    await hostile.receive()
    await states.until((seen) => seen.length === 1 + 2 * round)
  }
  expect(refusals.seen).toEqual([
    { side: 'subscriber', reason: 'protocol', endpoint: connect[0], publicKey: undefined },
  ])
})

const FLOODS = {
  'of very many topics': (index: number) => [`\u0001t${index}`],
  'of few that are longer than topics': (index: number) => [`\u0001${index}${'x'.repeat(800)}`],
  'of very many topics in the later parts of messages': (index: number) => ['no request', `\u0001t${index}`],
}

test.each(Object.entries(FLOODS))(
  'a subscriber %s is cut off, and the others come back',
  async (_, formatRequest) => {
    const refusals = new Recorder<Refusal>()
    const transport = new ZeromqTransport({ onRefused: refusals.add })
    const publisher = await open.publish({ bind: ANY, transport })
    const subscriber = await open.subscribe({ connect: [publisher.endpoint] }, ['a'])
    await subscriber.states.last('connected')
    const hostile = new zmq.XSubscriber({ linger: 0, sendHighWaterMark: 10_000 })
    closing.push(() => hostile.close())
    hostile.connect(publisher.endpoint)
    for (let index = 0; index < 6000; index++) await hostile.send(formatRequest(index))
    const [refusal] = await refusals.count(1)
    expect(refusal).toMatchObject({
      side: 'publisher',
      reason: 'subscriptions',
      endpoint: publisher.endpoint,
    })
    hostile.close()
    await subscriber.states.until((seen) => seen.includes('connecting') && seen.at(-1) === 'connected')
    const timer = setInterval(() => void publisher.send('a', 'x'), 10)
    await subscriber.messages.count(1)
    clearInterval(timer)
  },
)

test('a subscriber that sends more than a subscription can be is cut off before memory is set aside', async () => {
  const publisher = await open.publish({ bind: ANY })
  const hostile = new zmq.XSubscriber({ linger: 0 })
  closing.push(() => hostile.close())
  const gone = new Recorder<string>()
  hostile.events.on('disconnect', ({ address }) => gone.add(address))
  hostile.connect(publisher.endpoint)
  await hostile.send(Buffer.alloc(2000, 1))
  await gone.count(1)
  const subscriber = await open.subscribe({ connect: [publisher.endpoint] }, ['a'])
  await publisher.subscriptions.last('+a')
  await publisher.send('a', 'x')
  expect(await subscriber.messages.count(1)).toEqual(['a x'])
})
