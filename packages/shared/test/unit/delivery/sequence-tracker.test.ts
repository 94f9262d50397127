import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { SequenceTracker, type SequenceRange } from '../../../src/delivery/sequence-tracker.ts'

function counts(tracker: SequenceTracker): Record<string, number> {
  const { first, last, received, lost, repeated } = tracker
  return { first, last, received, lost, repeated }
}

function expand(ranges: readonly SequenceRange[]): number[] {
  return ranges.flatMap(({ start, count }) => Array.from({ length: count }, (_, index) => start + index))
}

describe('SequenceTracker', () => {
  test('is empty before the first value', () => {
    expect(counts(new SequenceTracker())).toEqual({ first: -1, last: -1, received: 0, lost: 0, repeated: 0 })
  })

  test('the first number is the baseline, and never a loss', () => {
    const tracker = new SequenceTracker()
    expect(tracker.accept(1000, 2)).toEqual([{ start: 1000, count: 2 }])
    expect(counts(tracker)).toEqual({ first: 1000, last: 1001, received: 2, lost: 0, repeated: 0 })
  })

  test('what a publisher says it left out is not lost, and what comes after all is neither', () => {
    const tracker = new SequenceTracker()
    tracker.accept(0, 1)
    tracker.accept(10, 1, 6)
    expect([tracker.received, tracker.lost, tracker.withheld]).toEqual([2, 3, 6])
    tracker.accept(11, 1, 5)
    tracker.accept(5, 1)
    tracker.accept(2, 1)
    expect([tracker.received, tracker.lost, tracker.withheld]).toEqual([5, 2, 5])
    tracker.accept(5, 1, 5)
    tracker.accept(13, 1, 1000)
    expect([tracker.received, tracker.lost, tracker.withheld, tracker.repeated]).toEqual([6, 2, 6, 1])
  })

  test('what is left out before the first value is nothing to count', () => {
    const tracker = new SequenceTracker()
    tracker.accept(100, 1, 50)
    expect([tracker.first, tracker.lost, tracker.withheld]).toEqual([100, 0, 0])
  })

  test('the sum holds for any order, any repeats and any claim of what was left out', () => {
    const arrivals = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 4 }), fc.nat(20)), {
      minLength: 1,
    })
    fc.assert(
      fc.property(arrivals, (all) => {
        const tracker = new SequenceTracker()
        const seen = new Set<number>()
        for (const [seq, count, withheld] of all) {
          for (const value of expand(tracker.accept(seq, count, withheld))) seen.add(value)
          expect(tracker.received).toBe(seen.size)
          expect(tracker.lost).toBeGreaterThanOrEqual(0)
          expect(tracker.withheld).toBeGreaterThanOrEqual(0)
          expect(tracker.last - tracker.first + 1).toBe(tracker.received + tracker.lost + tracker.withheld)
        }
      }),
    )
  })

  test('a gap is loss until late values fill it', () => {
    const tracker = new SequenceTracker()
    tracker.accept(0, 1)
    tracker.accept(10, 1)
    expect(tracker.lost).toBe(9)
    expect(tracker.accept(4, 2)).toEqual([{ start: 4, count: 2 }])
    expect(tracker.lost).toBe(7)
    expect(tracker.accept(1, 9)).toEqual([
      { start: 1, count: 3 },
      { start: 6, count: 4 },
    ])
    expect(counts(tracker)).toEqual({ first: 0, last: 10, received: 11, lost: 0, repeated: 2 })
  })

  test('values seen before are repeated, and touch no other count', () => {
    const tracker = new SequenceTracker()
    tracker.accept(5, 5)
    expect(tracker.accept(5, 5)).toEqual([])
    expect(counts(tracker)).toEqual({ first: 5, last: 9, received: 5, lost: 0, repeated: 5 })
  })

  test('an earlier value moves the baseline down', () => {
    const tracker = new SequenceTracker()
    tracker.accept(10, 1)
    expect(tracker.accept(7, 1)).toEqual([{ start: 7, count: 1 }])
    expect(counts(tracker)).toEqual({ first: 7, last: 10, received: 2, lost: 2, repeated: 0 })
  })

  test('numbers up to 2^53 - 1 are exact', () => {
    const tracker = new SequenceTracker()
    tracker.accept(0, 1)
    tracker.accept(Number.MAX_SAFE_INTEGER, 1)
    expect(tracker.lost).toBe(Number.MAX_SAFE_INTEGER - 1)
    expect(tracker.accept(Number.MAX_SAFE_INTEGER - 1, 1)).toHaveLength(1)
    expect(tracker.lost).toBe(Number.MAX_SAFE_INTEGER - 2)
  })

  test('agrees with a set of all numbers seen, whatever comes in whatever order', () => {
    const messages = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 12 })), { maxLength: 60 })
    fc.assert(
      fc.property(messages, (list) => {
        const tracker = new SequenceTracker()
        const seen = new Set<number>()
        let repeated = 0
        for (const [seq, count] of list) {
          const numbers = Array.from({ length: count }, (_, index) => seq + index)
          const fresh = numbers.filter((number) => !seen.has(number))
          expect(expand(tracker.accept(seq, count))).toEqual(fresh)
          for (const number of fresh) seen.add(number)
          repeated += count - fresh.length
          const first = Math.min(...seen)
          const last = Math.max(...seen)
          expect(counts(tracker)).toEqual({
            first,
            last,
            received: seen.size,
            lost: last - first + 1 - seen.size,
            repeated,
          })
        }
      }),
      { numRuns: 200 },
    )
  })

  test('remembers the newest 1024 gaps: what fills an older one counts as repeated, and the sums stay exact', () => {
    const tracker = new SequenceTracker()
    for (let seq = 0; seq <= 4096; seq += 2) tracker.accept(seq, 1)
    expect(tracker.accept(1, 1)).toEqual([])
    expect(tracker.accept(4095, 1)).toHaveLength(1)
    expect(counts(tracker)).toEqual({ first: 0, last: 4096, received: 2050, lost: 2047, repeated: 1 })
  })

  test('a hostile stream that splits gaps again and again keeps the sums exact', () => {
    const tracker = new SequenceTracker()
    tracker.accept(0, 1)
    tracker.accept(1_000_000, 1)
    for (let seq = 2; seq < 20_000; seq += 2) tracker.accept(seq, 1)
    const { first, last, received, lost } = tracker
    expect(last - first + 1).toBe(received + lost)
    expect(received + tracker.repeated).toBe(2 + 9999)
  })
})
