import { describe, expect, jest, test } from '@jest/globals'
import * as fc from 'fast-check'
import { LatencyHistogram } from '../../../src/statistics/latency-histogram.ts'

describe('LatencyHistogram', () => {
  test('says nothing before anything is recorded', () => {
    const histogram = new LatencyHistogram()
    expect(histogram.summary()).toBeNull()
    expect(histogram.clocksDiffer).toBe(false)
  })

  test('percentiles are within about 1%, the maximum is exact', () => {
    const latencies = fc.array(fc.double({ min: 0.01, max: 3_000_000, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    })
    fc.assert(
      fc.property(latencies, (list) => {
        const histogram = new LatencyHistogram()
        for (const latency of list) histogram.record(latency)
        const sorted = list.toSorted((a, b) => a - b)
        const exact = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] as number
        const summary = histogram.summary()
        for (const [actual, expected] of [
          [summary?.p50, exact(0.5)],
          [summary?.p99, exact(0.99)],
        ] as const) {
          // Rounded to a microsecond.
          expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(expected * 0.0125 + 0.0005)
        }
        expect(summary?.max).toBeCloseTo(sorted.at(-1) as number, 3)
      }),
    )
  })

  test('a latency counts for as many values as had it', () => {
    const histogram = new LatencyHistogram()
    histogram.record(1, 98)
    histogram.record(1000, 2)
    expect(histogram.summary()?.p50).toBeCloseTo(1, 1)
    expect(histogram.summary()?.p99).toBeGreaterThan(980)
  })

  test('a latency of nothing, or just below, is 0', () => {
    const histogram = new LatencyHistogram()
    histogram.record(0)
    histogram.record(-1.9)
    expect(histogram.summary()).toEqual({ p50: 0.001, p99: 0.001, max: 0 })
    expect(histogram.clocksDiffer).toBe(false)
  })

  test.each([-3, 3_600_001, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])(
    'a latency of %d ms means that the clocks differ',
    (latency) => {
      const histogram = new LatencyHistogram()
      histogram.record(latency)
      expect(histogram.clocksDiffer).toBe(true)
      expect(histogram.summary()).toBeNull()
    },
  )

  test('one impossible latency in a hundred is forgiven, more are not', () => {
    const histogram = new LatencyHistogram()
    histogram.record(1, 100)
    histogram.record(-100)
    expect(histogram.summary()).not.toBeNull()
    histogram.record(-100)
    expect(histogram.clocksDiffer).toBe(true)
    expect(histogram.summary()).toBeNull()
  })

  test('a clock that was set right is believed within two seconds, however long it was wrong', () => {
    const now = jest.spyOn(performance, 'now')
    const histogram = new LatencyHistogram()
    for (let second = 0; second < 600; second++) {
      now.mockReturnValue(10_000 + second * 1100)
      histogram.record(-3_600_000, 30)
    }
    expect(histogram.clocksDiffer).toBe(true)
    for (const second of [600, 601]) {
      now.mockReturnValue(10_000 + second * 1100)
      histogram.record(5, 30)
    }
    expect(histogram.clocksDiffer).toBe(false)
    expect(histogram.summary()).toMatchObject({ max: 5 })
    now.mockRestore()
  })

  test('reset forgets everything', () => {
    const histogram = new LatencyHistogram()
    histogram.record(-100)
    histogram.record(5)
    histogram.reset()
    expect(histogram.clocksDiffer).toBe(false)
    expect(histogram.summary()).toBeNull()
    histogram.record(1)
    expect(histogram.summary()?.max).toBe(1)
  })
})
