import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type Codec, ZmtpTransport } from '@zcast/shared'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import { useRawPublisher } from '@zcast/testing/streams/raw-publisher'
import { until } from '@zcast/testing/waiting/until'
import { CodecReader } from '../../../src/topics/codec-reader.ts'
import { RawReader } from '../../../src/topics/raw-reader.ts'
import { TopicWatch, type TopicWatchOptions, type WatchedEndpoint } from '../../../src/topics/topic-watch.ts'
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

describe('a watch that knows the format', () => {
  const words: Codec = {
    hasLanes: false,
    prefixes: (topic) => [topic.replace('numbers/', 'n ')],
    encode: () => [],
    decode: ([part]) => {
      const [, stream, text] = /^n (\w+) ([\d.]+)$/.exec(Buffer.from(part ?? []).toString()) ?? []
      if (text === undefined) return { rejected: 'invalid', reason: 'not a number' }
      const data = Float64Array.of(Number(text))
      return {
        topic: `numbers/${stream}`,
        arrivalTime: true,
        block: { kind: 'numbers', time: 1, rows: 1, columns: 1, data },
      }
    },
  }

  test('subscribes as the format writes topics, and counts what breaks it', async () => {
    const publisher = await openRaw()
    const watch = await open({
      connect: [publisher.endpoint],
      topics: ['numbers/a'],
      receives: true,
      reader: () => new CodecReader(words, 'words'),
    })
    await untilSubscribed(publisher, 'n a')
    await publisher.send('n a 5')
    await publisher.send('n a five')
    await until(() => names(watch).length === 1 && watch.endpoints[0]?.unread === 1)
    expect(names(watch)).toEqual(['numbers/a'])
  })

  test('shows parts of every message, of zcast too, where that is what was asked for', async () => {
    const publisher = await openRaw()
    const watch = await open({
      connect: [publisher.endpoint],
      receives: true,
      reader: () => new RawReader(),
    })
    await untilSubscribed(publisher, '')
    await publisher.send('numbers/a', 'x')
    await until(() => watch.topics.length === 1)
    const [account] = watch.topics
    expect(account && reportTopicOffer(account, performance.now())).toMatchObject({
      topic: 'numbers/a',
      format: 'text',
    })
  })
})

test('a watch that listens sees what publishers send that connect to it', async () => {
  const watch = await open({ connect: [], bind: ['tcp://127.0.0.1:*'], receives: true, topics: ['temp'] })
  const [{ endpoint, listens }] = watch.endpoints as [WatchedEndpoint]
  expect({ endpoint, listens }).toEqual({ endpoint: expect.stringMatching(/:\d+$/), listens: true })
  const publisher = await new ZmtpTransport().openPublish({ connect: [endpoint] })
  closing.push(() => publisher.close())
  while (watch.topics.length === 0) {
    await publisher.send([Buffer.from('temp'), Buffer.from('21')])
    await delay(10)
  }
  expect(names(watch)).toEqual(['temp'])
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
