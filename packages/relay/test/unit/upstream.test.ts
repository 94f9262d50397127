import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { MemoryTransport } from '@zcast/shared'
import { encodeTopicList, TOPICS_TOPIC } from '@zcast/shared/internal'
import { Upstream } from '../../src/upstream.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const ENDPOINT = 'inproc://several'

/** Several publishers behind one socket, as those that connect to a relay or to a server are. */
async function openSeveral(...publishers: readonly number[]) {
  const transport = new MemoryTransport()
  const there = new Set(publishers)
  const socket = await transport.openPublish({ bind: [ENDPOINT] })
  let questions = 0
  const offer = {
    kind: 'numbers',
    epoch: 1,
    sent: 0,
    perSecond: 0,
    messagesPerSecond: 0,
    bytesPerSecond: 0,
  } as const
  socket.onSubscription((prefix, subscribed) => {
    if (prefix !== TOPICS_TOPIC || !subscribed) return
    questions += 1
    for (const publisher of there) {
      const topics = [{ ...offer, topic: `numbers/${publisher}` }]
      for (const message of encodeTopicList(TOPICS_TOPIC, { time: 1, publisher, topics }))
        void socket.send(message)
    }
  })
  const told: (readonly string[])[] = []
  const upstream: Upstream = await Upstream.open(
    { connect: ENDPOINT, transport },
    {
      onEnvelope: () => undefined,
      onRaw: () => undefined,
      onOffers: () => void told.push([...upstream.offers.keys()].toSorted()),
      onState: () => undefined,
    },
  )
  await jest.advanceTimersByTimeAsync(0)
  return {
    there,
    told,
    upstream,
    questions: () => questions,
    topics: () => [...upstream.offers.keys()].toSorted(),
    close: async () => {
      await upstream.close()
      await socket.close()
    },
  }
}

describe('what an upstream knows of several publishers', () => {
  test('is forgotten of one that is gone, a minute after, and kept of those that are there', async () => {
    const { there, told, topics, close } = await openSeveral(1, 2, 3)
    await jest.advanceTimersByTimeAsync(600_000)
    expect(topics()).toEqual(['numbers/1', 'numbers/2', 'numbers/3'])
    there.delete(2)
    await jest.advanceTimersByTimeAsync(50_000)
    expect(topics()).toEqual(['numbers/1', 'numbers/2', 'numbers/3'])
    await jest.advanceTimersByTimeAsync(20_000)
    expect(topics()).toEqual(['numbers/1', 'numbers/3'])
    expect(told.at(-1)).toEqual(['numbers/1', 'numbers/3'])
    there.add(2)
    await jest.advanceTimersByTimeAsync(10_000)
    expect(topics()).toEqual(['numbers/1', 'numbers/2', 'numbers/3'])
    await close()
  })

  test('is kept while nobody answers, and of one that answers now and then', async () => {
    const { there, topics, close } = await openSeveral(1, 2)
    there.clear()
    await jest.advanceTimersByTimeAsync(600_000)
    expect(topics()).toEqual(['numbers/1', 'numbers/2'])
    there.add(1)
    for (let minute = 0; minute < 5; minute++) {
      await jest.advanceTimersByTimeAsync(45_000)
      there.add(2)
      await jest.advanceTimersByTimeAsync(10_000)
      there.delete(2)
      expect(topics()).toEqual(['numbers/1', 'numbers/2'])
    }
    await close()
  })

  test('is not asked for again where there is one publisher, or when it was closed', async () => {
    const one = await openSeveral(1)
    await jest.advanceTimersByTimeAsync(600_000)
    expect([one.questions(), one.topics()]).toEqual([1, ['numbers/1']])
    await one.close()
    const two = await openSeveral(1, 2)
    await jest.advanceTimersByTimeAsync(60_000)
    await two.close()
    const asked = two.questions()
    await jest.advanceTimersByTimeAsync(60_000)
    expect(two.questions()).toBe(asked)
    expect(asked).toBeGreaterThan(3)
  })
})
