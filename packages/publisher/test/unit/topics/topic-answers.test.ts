import { afterEach, describe, expect, test } from '@jest/globals'
import { type Message, type SubscribeSocket, type TopicList, MemoryTransport } from '@zcast/shared'
import { decodeTopicList, topicsRequest } from '@zcast/shared/internal'
import { Recorder } from '@zcast/testing/waiting/recorder'
import { jpegShell } from '@zcast/testing/streams/envelopes'
import { Publisher } from '../../../src/publisher.ts'
import type { Source } from '../../../src/sources/source.ts'

const ENDPOINT = 'inproc://topics'
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Opened {
  readonly publisher: Publisher
  readonly socket: SubscribeSocket
  /** The topic of each message, and the list where it is one. */
  readonly seen: Recorder<{ readonly topic: string; readonly list: TopicList | undefined }>
}

async function open(): Promise<Opened> {
  const transport = new MemoryTransport()
  const publisher = await Publisher.open({ bind: ENDPOINT, transport, pictureTopics: 2 })
  const socket = await transport.openSubscribe({ connect: [ENDPOINT] })
  const seen: Opened['seen'] = new Recorder()
  const read = async (): Promise<void> => {
    for await (const message of socket.messages()) seen.add(describeMessage(message))
  }
  void read()
  closing.push(
    () => publisher.close(false),
    () => socket.close(),
  )
  return { publisher, socket, seen }
}

function describeMessage(message: Message): { topic: string; list: TopicList | undefined } {
  const topic = Buffer.from(message[0] ?? []).toString()
  const list = topic.startsWith('!topics') ? decodeTopicList(message) : undefined
  return { topic, list: list && 'topics' in list ? list : undefined }
}

const topicsOf = (list: TopicList | undefined): readonly string[] =>
  (list?.topics ?? []).map(({ topic }) => topic)

/** A camera that would show it if it were asked for pictures. */
function camera(): Source & { readonly wanted: Set<string> } {
  const wanted = new Set<string>()
  return {
    kind: 'video',
    expectedBytes: 1000,
    renditions: ['180p'],
    shape: { width: 640, height: 360, format: 'jpeg' },
    wanted,
    async *blocks({ signal, demand }) {
      await demand.untilWanted(signal)
      for (const output of demand.wanted) wanted.add(output)
      if (!signal.aborted)
        yield { kind: 'video', time: 1, width: 16, height: 9, format: 'jpeg', data: jpegShell(16, 9) }
    },
  }
}

describe('a subscription to !topics', () => {
  test('is answered with names, kinds and sizes, and nobody makes anything for it', async () => {
    const { publisher, socket, seen } = await open()
    const source = camera()
    const ended = new AbortController()
    const running = publisher.run(source, { stream: 'cam', signal: ended.signal })
    const imu = publisher.topic('numbers/imu', { names: ['ax', 'ay'], units: ['g', 'g'] })
    await imu.send([1, 2])
    socket.subscribe('!topics')
    const [answer] = await seen.count(1)
    const topics = answer?.list?.topics ?? []
    expect(topics.find(({ topic }) => topic === 'numbers/imu')).toMatchObject({
      kind: 'numbers',
      columns: 2,
      names: ['ax', 'ay'],
      units: ['g', 'g'],
    })
    expect(topics.find(({ topic }) => topic === 'video/cam')).toMatchObject({
      kind: 'video',
      width: 640,
      height: 360,
      renditions: ['180p'],
      sent: 0,
      perSecond: 0,
    })
    expect(topics.find(({ topic }) => topic === 'video@180p/cam')).toBeDefined()
    expect(source.wanted).toEqual(new Set())
    ended.abort()
    await running
  })

  test('is answered again when a topic begins or ends, or looks different', async () => {
    const { publisher, socket, seen } = await open()
    socket.subscribe('!topics')
    await seen.until((all) => all.length === 1)
    const numbers = publisher.topic('numbers/a')
    await seen.until((all) => topicsOf(all.at(-1)?.list).includes('numbers/a'))
    await numbers.send([1, 2, 3])
    await seen.until((all) => all.at(-1)?.list?.topics[0]?.columns === 3)
    await numbers.close()
    await seen.until((all) => topicsOf(all.at(-1)?.list).length === 0)
    expect(seen.seen.every(({ topic }) => topic === '!topics')).toBe(true)
  })

  test('with a token is answered once, on its own topic, with the time', async () => {
    const { publisher, socket, seen } = await open()
    publisher.topic('numbers/a')
    const question = topicsRequest('A'.repeat(22))
    const before = Date.now() / 1000
    socket.subscribe(question)
    const [answer] = await seen.count(1)
    expect(answer?.topic).toBe(question)
    expect(topicsOf(answer?.list)).toEqual(['numbers/a'])
    expect(answer?.list?.time).toBeGreaterThan(before - 1)
    publisher.topic('numbers/b')
    socket.subscribe(topicsRequest('B'.repeat(22)))
    const answers = await seen.count(2)
    expect(answers.map(({ topic }) => topic)).toEqual([question, topicsRequest('B'.repeat(22))])
  })

  test.each(['!topics/short', '!topics2', '!topic', `!topics/${'A'.repeat(23)}`])(
    '%s is no question',
    async (prefix) => {
      const { publisher, socket, seen } = await open()
      publisher.topic('numbers/a')
      socket.subscribe(prefix)
      const question = topicsRequest('A'.repeat(22))
      socket.subscribe(question)
      await seen.count(1)
      expect(seen.seen.filter(({ topic }) => topic !== question)).toEqual([])
    },
  )

  test('costs no more than so many bytes, however often it is asked', async () => {
    const { publisher, socket, seen } = await open()
    const names = Array.from({ length: 400 }, (_, index) => `${index}`.padEnd(60, 'x'))
    publisher.topic('numbers/a', { names })
    const beganMs = performance.now()
    for (let index = 0; index < 2000; index++) {
      const question = topicsRequest(String(index).padStart(22, 'q'))
      socket.subscribe(question)
      socket.unsubscribe(question)
      if (index % 50 === 0) await new Promise(setImmediate)
    }
    await new Promise(setImmediate)
    const seconds = (performance.now() - beganMs) / 1000
    // 8 MiB at once, and 512 KiB more a second; of 26 kB each.
    expect(seen.seen.length).toBeGreaterThan(100)
    expect(seen.seen.length).toBeLessThan(350 + 21 * seconds)
  })
})
