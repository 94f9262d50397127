import { expect, test } from '@jest/globals'
import { MsgpackCodec } from '@zcast/shared'
import { formatLaneRequest, laneTopic } from '@zcast/shared/internal'
import { frameEnvelope } from '@zcast/testing/streams/envelopes'
import { until } from '@zcast/testing/waiting/until'
import { Hops } from '../support/hops.ts'

const hops = new Hops()
const [NAME, KEY] = ['n'.repeat(22), 'k'.repeat(22)]

test('a relay asks for a topic without a break while a subscriber below exchanges it for a lane', async () => {
  const endpoint = hops.name()
  const publisher = await hops.transport.openPublish({ bind: [endpoint] })
  const changes: string[] = []
  publisher.onSubscription((prefix, subscribed) => changes.push(`${subscribed ? '+' : '-'}${prefix}`))
  const relay = await hops.relay([endpoint])
  const viewer = await hops.transport.openSubscribe({ connect: relay.endpoints })
  const messages = viewer.messages()[Symbol.asyncIterator]()
  const topicOfNext = async (): Promise<string> =>
    Buffer.from((await messages.next()).value?.[0] ?? []).toString()
  viewer.subscribe('video/main')
  await until(() => changes.includes('+video/main'))
  const codec = new MsgpackCodec()
  await publisher.send(codec.encode(frameEnvelope(1)))
  expect(await topicOfNext()).toBe('video/main')

  viewer.subscribe(laneTopic(NAME))
  viewer.tell(formatLaneRequest({ type: 'open', name: NAME, key: KEY, epoch: 1, topic: 'video/main' }))
  viewer.unsubscribe('video/main')
  await publisher.send(codec.encode(frameEnvelope(2)))
  expect(await topicOfNext()).toBe(`${laneTopic(NAME)}video/main`)
  expect(changes.filter((change) => change.endsWith('video/main'))).toEqual(['+video/main'])
  await viewer.close()
  await until(() => changes.includes('-video/main'))
  await publisher.close()
})
