import { afterEach, describe, expect, test } from '@jest/globals'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import { useRawPublisher } from '@zcast/testing/streams/raw-publisher'
import { until } from '@zcast/testing/waiting/until'
import { TopicWatch, type TopicWatchOptions } from '../../../src/topics/topic-watch.ts'
import { reportTopicOffer } from '../../../src/topics/reports/list-report.ts'

const openRaw = useRawPublisher()
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open(options: TopicWatchOptions): Promise<TopicWatch> {
  const watch = await TopicWatch.open(options)
  closing.push(() => watch.close())
  return watch
}

const names = (watch: TopicWatch): readonly string[] => watch.topics.map(({ topic }) => topic)

describe('a watch of a publisher that does not answer', () => {
  test('looks at everything for a while, and lets go then', async () => {
    const publisher = await openRaw()
    const watch = await open({ connect: [publisher.endpoint], lookMs: 300 })
    // The question, questions about the clock, and then everything.
    await untilSubscribed(publisher, '')
    await publisher.send('temp', '{"temp": 1}')
    await until(() => names(watch).includes('temp'))
    await watch.looked()
    expect(watch.endpoints).toMatchObject([{ state: 'connected', make: 'other' }])
    const [account] = watch.topics
    expect(account && reportTopicOffer(account, performance.now())).toMatchObject({
      topic: 'temp',
      format: 'json',
      kind: null,
      epoch: null,
    })
    while ((await publisher.nextSubscription()) !== '-');
  })

  test('that was asked for one topic gets what begins so, and receives it on', async () => {
    const publisher = await openRaw()
    const seen: string[] = []
    const watch = await open({
      connect: [publisher.endpoint],
      topics: ['temp'],
      receives: true,
      lookMs: 100,
      onMessage: (_, { topic }) => seen.push(topic),
    })
    await untilSubscribed(publisher, 'temp')
    await watch.looked()
    await publisher.send('hum', 'not asked for')
    await publisher.send('temp', '1')
    await publisher.send('temperature', '2')
    await until(() => seen.length === 2)
    expect(seen).toEqual(['temp', 'temperature'])
  })

  test('takes a topic in the letters of UTF-8', async () => {
    const publisher = await openRaw()
    const watch = await open({ connect: [publisher.endpoint], topics: ['température'], receives: true })
    await untilSubscribed(publisher, Buffer.from('température').toString('latin1'))
    await publisher.send('température', '21')
    await until(() => watch.topics.length === 1)
    expect(names(watch)).toEqual(['température'])
  })

  test('tells 256 topics apart, and counts the messages of others', async () => {
    const publisher = await openRaw()
    const watch = await open({ connect: [publisher.endpoint], receives: true })
    await untilSubscribed(publisher, '')
    for (let topic = 0; topic < 300; topic++) await publisher.send(`t${topic}`, 'x')
    await until(() => watch.endpoints[0]?.others === 44)
    expect(watch.topics).toHaveLength(256)
  })
})

test('one of nobody ends, and says so', async () => {
  const watch = await open({ connect: [await freeEndpoint()], lookMs: 200 })
  await watch.looked()
  expect(watch.endpoints).toMatchObject([{ wasConnected: false, make: 'asking' }])
  expect(watch.topics).toEqual([])
})

test.each([
  [{ connect: [] }, 'ERR_ENDPOINT'],
  [{ connect: ['nonsense'] }, 'ERR_ENDPOINT'],
  [{ connect: ['tcp://127.0.0.1:1'], windowMs: 10 }, 'ERR_OPTION'],
])('%j is refused', async (options, code) => {
  await expect(TopicWatch.open(options)).rejects.toMatchObject({ code })
})

/** Waits until somebody has subscribed to just this. */
async function untilSubscribed(
  publisher: Awaited<ReturnType<typeof openRaw>>,
  prefix: string,
): Promise<void> {
  while ((await publisher.nextSubscription()) !== `+${prefix}`);
}
