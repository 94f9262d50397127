import { expect, test } from '@jest/globals'
import type { Sighting, TopicAccount } from '@zcast/subscribers/topics'
import { StreamMeasure } from '../../../../src/commands/doctor/stream/stream-measure.ts'

const ACCOUNT = {} as TopicAccount

interface Came {
  /** Milliseconds. */
  readonly at: number
  /** Milliseconds; missing for a format without times. */
  readonly made?: number
  readonly seq?: number
}

function measure(messages: readonly Came[]): StreamMeasure {
  const stream = new StreamMeasure()
  for (const { at, made, seq } of messages) {
    const sighting: Sighting = {
      topic: 'video/main',
      values: 1,
      bytes: 1000,
      isOwn: true,
      ...(seq !== undefined && { epoch: 1, seq }),
      ...(made !== undefined && { time: made / 1000 }),
    }
    stream.take(sighting, ACCOUNT, at, at / 1000)
  }
  return stream
}

const count = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index))

test('a silence in the times of neighbours is one of the publisher, however the messages come', () => {
  const made = (index: number): number => index * 33 + (index >= 20 ? 900 : 0)
  const even = measure(count(40, (seq) => ({ at: seq * 50, made: made(seq), seq })))
  expect(even.captureGaps).toEqual({ count: 1, longestMs: expect.closeTo(933), usualMs: expect.closeTo(33) })
  expect(even.arrivalGaps?.count).toBe(0)
})

test('a silence where values were lost is none of the publisher', () => {
  const messages = count(40, (index) => {
    const seq = index + (index >= 20 ? 30 : 0)
    return { at: seq * 33, made: seq * 33, seq }
  })
  expect(measure(messages).captureGaps?.count).toBe(0)
})

test('what comes at once after a silence has waited on its way', () => {
  const gap = (index: number): number => index * 33 + (index >= 20 ? 990 : 0)
  expect(measure(count(80, (index) => ({ at: gap(index) }))).caughtUp).toBe(0)
  const blocked = (index: number): number => (index >= 20 && index < 50 ? 50 * 33 : index * 33)
  const stalled = measure(count(80, (index) => ({ at: blocked(index) })))
  expect(stalled.arrivalGaps?.count).toBe(1)
  expect(stalled.caughtUp).toBeGreaterThan(0.9)
})

test('delays that grow show by how much', () => {
  const growing = measure(count(150, (seq) => ({ at: seq * 60, made: seq * 33, seq })))
  expect(growing.delayGrowthMs).toBeGreaterThan(3000)
  const steady = measure(count(150, (seq) => ({ at: seq * 33 + (seq % 5) * 40, made: seq * 33, seq })))
  expect(steady.delayGrowthMs).toBeLessThan(100)
})
