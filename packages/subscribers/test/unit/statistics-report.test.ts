import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { Statistics } from '@zcast/shared'
import { formatSummary, reportStatistics, type Reporter } from '../../src/statistics-report.ts'

afterEach(() => {
  jest.restoreAllMocks()
})

/** A subscriber with these figures, connected. */
function live(statistics: Statistics): Reporter {
  return { statistics, state: 'live' }
}

/** A viewer that received 116 frames of 120 at 20 a second, and skipped 16. */
function watched(): Statistics {
  const statistics = new Statistics()
  const topic = statistics.topic('video/main')
  topic.sequence.accept(1, 10, 60)
  topic.sequence.accept(1, 74, 56)
  topic.sequence.accept(1, 74, 2)
  topic.width = 640
  topic.height = 360
  topic.skipped = 16
  topic.duplicate = 1
  topic.invalid = 480
  topic.unsupported = 5
  for (let frame = 0; frame < 100; frame++) statistics.recordDelivery(topic, 1, 4, frame * 50)
  return statistics
}

describe('reportStatistics', () => {
  test('sums up a run', () => {
    expect(reportStatistics(live(watched()), 'video/main')).toEqual({
      type: 'summary',
      topic: 'video/main',
      state: 'live',
      network: null,
      rendition: null,
      withheld: 0,
      received: 116,
      delivered: 100,
      pending: 0,
      lost: 4,
      skipped: 16,
      invalid: 480,
      unsupported: 5,
      repeated: 2,
      duplicate: 1,
      first: 10,
      last: 129,
      width: 640,
      height: 360,
      fps: 20,
      latencyMs: { p50: expect.closeTo(4, 1), p99: expect.closeTo(4, 1), max: 4 },
    })
  })

  test('with a window, rate and latency are of the time since it was read last, counts of the whole run', () => {
    const statistics = watched()
    const now = jest.spyOn(performance, 'now').mockReturnValue(0)
    const window = statistics.openWindow('video/main')
    statistics.recordDelivery(statistics.topic('video/main'), 7, 2, 0)
    now.mockReturnValue(2000)
    expect(reportStatistics(live(statistics), 'video/main', window)).toMatchObject({
      type: 'stats',
      received: 116,
      fps: 3.5,
      latencyMs: { max: 2 },
    })
    now.mockReturnValue(3000)
    expect(reportStatistics(live(statistics), 'video/main', window)).toMatchObject({
      fps: 0,
      latencyMs: null,
    })
  })

  test('before the first value there are no sizes, numbers or latencies', () => {
    const expected = {
      received: 0,
      lost: 0,
      first: null,
      last: null,
      width: null,
      height: null,
      fps: 0,
      latencyMs: null,
    }
    const statistics = new Statistics()
    expect(reportStatistics(live(statistics), 'video/main')).toMatchObject(expected)
    statistics.topic('video/main')
    expect(reportStatistics(live(statistics), 'video/main')).toMatchObject(expected)
  })

  test('a stream whose first number is 0 is known', () => {
    const statistics = new Statistics()
    statistics.topic('numbers/random').sequence.accept(1, 0, 1)
    expect(reportStatistics(live(statistics), 'numbers/random')).toMatchObject({
      first: 0,
      last: 0,
      width: null,
    })
  })

  test('a whole kind is reported by its sums', () => {
    const statistics = new Statistics()
    statistics.topic('video/a').sequence.accept(1, 0, 3)
    statistics.topic('video/b').sequence.accept(1, 5, 2)
    expect(reportStatistics(live(statistics), 'video/')).toMatchObject({
      received: 5,
      first: null,
      last: null,
    })
  })
})

describe('formatSummary', () => {
  test('is one line, words before plain figures', () => {
    expect(formatSummary(live(watched()))).toBe(
      'received 116, lost 4, skipped 16, invalid 480, duplicate 1, 20.0/s, latency p50 4.0 ms p99 4.0 ms',
    )
  })

  test('says when nothing came, and when losses cannot be known', () => {
    expect(formatSummary(live(new Statistics()))).toBe('received 0, lost 0, skipped 0, invalid 0, 0.0/s')
    const statistics = new Statistics()
    statistics.topic('video/main').unsequenced = 1
    expect(formatSummary(live(statistics))).toBe('received 1, lost unknown, skipped 0, invalid 0, 0.0/s')
  })

  test('says when two clocks differ, rather than show a latency that means nothing', () => {
    const statistics = new Statistics()
    statistics.recordDelivery(statistics.topic('video/main'), 1, -5000, 0)
    expect(formatSummary(live(statistics))).toMatch(/, clocks differ$/)
  })
})

test('the summary says what was withheld, and the report what the network carries', () => {
  const statistics = watched()
  const accounts = statistics.topic('video/main')
  accounts.sequence.accept(1, 1000, 1, true, 26)
  accounts.network = { wanted: 30, carried: 4 }
  expect(formatSummary(live(statistics))).toContain(', withheld 26, skipped')
  expect(reportStatistics(live(statistics), 'video/main')).toMatchObject({
    withheld: 26,
    network: { wanted: 30, carried: 4 },
  })
})

test('the report names the rendition that chose itself, and has its accounts beside those of the topic', () => {
  const statistics = watched()
  const rendition = statistics.topic('video@180p/main')
  const stream = statistics.topic('video/main')
  rendition.stream = stream
  stream.rendition = '180p'
  rendition.sequence.accept(1, 500, 30)
  const window = statistics.openWindow('video/main')
  for (let frame = 0; frame < 30; frame++) statistics.recordDelivery(rendition, 1, 4, 5000 + frame * 50)
  expect(window.read().latency?.p50).toBeCloseTo(4, 0)
  expect(statistics.rate).toBeCloseTo(20, 1)
  const report = reportStatistics(live(statistics), 'video/main')
  expect(report).toMatchObject({ rendition: '180p', received: 146, first: 10 })
  expect(report.topics).toMatchObject([
    { topic: 'video/main', received: 116, lost: 4, delivered: 100, skipped: 16, first: 10, last: 129 },
    { topic: 'video@180p/main', received: 30, lost: 0, delivered: 30, skipped: 0, first: 500, last: 529 },
  ])
  expect(statistics.countsOf('video/main')).toEqual(statistics.counts())
})

test('a rendition that was asked for by its topic is named as well', () => {
  expect(reportStatistics(live(new Statistics()), 'video@360p/main').rendition).toBe('360p')
})
