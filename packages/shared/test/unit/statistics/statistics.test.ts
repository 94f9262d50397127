import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { Statistics, TopicStatistics } from '../../../src/statistics/statistics.ts'
import { frameEnvelope, numbersEnvelope } from '@zcast/testing/streams/envelopes'

afterEach(() => {
  jest.restoreAllMocks()
})

describe('TopicStatistics', () => {
  test('received is delivered, skipped and pending', () => {
    const topic = new TopicStatistics()
    topic.sequence.accept(1, 0, 10)
    topic.recordDelivery(4, 1, 0)
    topic.skipped += 3
    expect(topic.counts()).toMatchObject({ received: 10, delivered: 4, skipped: 3, pending: 3, lost: 0 })
  })

  test('what was lost is unknown once values come without sequence numbers', () => {
    const topic = new TopicStatistics()
    topic.sequence.accept(1, 0, 1)
    topic.sequence.accept(1, 5, 1)
    expect(topic.counts()).toMatchObject({ received: 2, lost: 4 })
    topic.unsequenced += 3
    expect(topic.counts()).toMatchObject({ received: 5, lost: null })
  })

  test('of a format without numbers it is unknown from the beginning, until a number has come', () => {
    const statistics = new Statistics(false)
    expect(statistics.counts().lost).toBeNull()
    statistics.invalid += 1
    expect(statistics.counts()).toMatchObject({ invalid: 1, lost: null })
    const topic = statistics.topic('video/a')
    expect(topic.counts().lost).toBeNull()
    topic.sequence.accept(1, 3, 1)
    expect(statistics.counts().lost).toBe(0)
    statistics.topic('video/b').unsequenced += 1
    expect(statistics.counts().lost).toBeNull()
  })

  test('the rate is of the time between the first and the last delivery', () => {
    const topic = new TopicStatistics()
    expect(topic.rate).toBe(0)
    topic.recordDelivery(100, 1, 5000)
    expect(topic.rate).toBe(0)
    topic.recordDelivery(1, 1, 5500)
    topic.recordDelivery(3, 1, 7000)
    expect(topic.rate).toBe(2)
  })

  test('retained values have no latency', () => {
    const topic = new TopicStatistics()
    topic.recordDelivery(1, undefined, 0)
    expect(topic.latency.summary()).toBeNull()
    topic.recordDelivery(1, 2, 1)
    expect(topic.latency.summary()?.max).toBe(2)
  })

  test('the size of the newest picture is kept, and numbers have none', () => {
    const topic = new TopicStatistics()
    topic.recordSize(numbersEnvelope(0).block)
    expect([topic.width, topic.height]).toEqual([0, 0])
    topic.recordSize(frameEnvelope(0, { width: 640, height: 360 }).block)
    expect([topic.width, topic.height]).toEqual([640, 360])
  })
})

describe('Statistics', () => {
  test('the counts are the sums of all topics, and of messages that belong to none', () => {
    const statistics = new Statistics()
    expect(statistics.counts()).toEqual({
      received: 0,
      lost: 0,
      withheld: 0,
      delivered: 0,
      skipped: 0,
      pending: 0,
      repeated: 0,
      duplicate: 0,
      invalid: 0,
      unsupported: 0,
    })
    const a = statistics.topic('video/a')
    const b = statistics.topic('video/b')
    a.sequence.accept(1, 0, 2)
    a.sequence.accept(1, 4, 1)
    b.sequence.accept(1, 0, 1)
    b.sequence.accept(1, 0, 1)
    a.invalid += 1
    b.unsupported += 2
    statistics.invalid += 3
    statistics.recordDelivery(a, 2, 1, 0)
    expect(statistics.topic('video/a')).toBe(a)
    expect([...statistics.topics.keys()]).toEqual(['video/a', 'video/b'])
    expect(statistics.counts()).toEqual({
      received: 4,
      lost: 2,
      withheld: 0,
      delivered: 2,
      skipped: 0,
      pending: 2,
      repeated: 1,
      duplicate: 0,
      invalid: 4,
      unsupported: 2,
    })
  })

  test('one topic without sequence numbers makes the sum of losses unknown', () => {
    const statistics = new Statistics()
    statistics.topic('video/a').sequence.accept(1, 0, 1)
    statistics.topic('video/b').unsequenced = 1
    expect(statistics.counts()).toMatchObject({ received: 2, lost: null })
  })

  test('a window tells what came since it was read last, of its topic or of all', () => {
    const statistics = new Statistics()
    const a = statistics.topic('video/a')
    const b = statistics.topic('video/b')
    const now = jest.spyOn(performance, 'now').mockReturnValue(1000)
    const all = statistics.openWindow()
    const ofA = statistics.openWindow('video/a')
    statistics.recordDelivery(a, 3, 10, 1000)
    statistics.recordDelivery(b, 5, 20, 1500)
    now.mockReturnValue(3000)
    expect(all.read()).toMatchObject({ rate: 4, latency: { max: 20 } })
    expect(ofA.read()).toMatchObject({ rate: 1.5, latency: { max: 10 } })
    now.mockReturnValue(4000)
    expect(all.read()).toEqual({ rate: 0, latency: null })
    expect(statistics.latency.summary()?.max).toBe(20)
  })

  test('a window that was closed counts nothing more, and its closing holds nobody up', () => {
    const statistics = new Statistics()
    const topic = statistics.topic('video/a')
    const now = jest.spyOn(performance, 'now').mockReturnValue(0)
    const window = statistics.openWindow()
    const other = statistics.openWindow()
    window.close()
    window.close()
    statistics.recordDelivery(topic, 2, 1, 0)
    now.mockReturnValue(1000)
    expect(window.read()).toEqual({ rate: 0, latency: null })
    expect(other.read().rate).toBe(2)
  })

  test('a window read twice at the same moment has no rate rather than an infinite one', () => {
    const statistics = new Statistics()
    jest.spyOn(performance, 'now').mockReturnValue(0)
    const window = statistics.openWindow()
    statistics.recordDelivery(statistics.topic('video/a'), 1, 1, 0)
    expect(window.read().rate).toBe(0)
  })

  test('the rate of a run is that of its topics together', () => {
    const statistics = new Statistics()
    for (const name of ['video/a', 'video/b']) {
      const topic = statistics.topic(name)
      statistics.recordDelivery(topic, 1, 1, 0)
      statistics.recordDelivery(topic, 10, 1, 1000)
    }
    expect(statistics.rate).toBe(20)
  })
})
