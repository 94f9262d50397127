import { describe, expect, test } from '@jest/globals'
import { Distribution } from '../../../src/topics/distribution.ts'

function of(...figures: number[]): Distribution {
  const distribution = new Distribution()
  for (const figure of figures) distribution.add(figure)
  return distribution
}

describe('a distribution', () => {
  test('has the mean, bounds, deviation and percentiles of its figures', () => {
    const summary = Distribution.summarize([of(2, 4, 4, 4, 5, 5, 7, 9)])
    expect(summary).toMatchObject({ count: 8, mean: 5, min: 2, max: 9, p50: 4, p90: 9, p99: 9 })
    expect(summary?.deviation).toBeCloseTo(2, 12)
  })

  test('sums up seconds as if all figures had come in one', () => {
    const apart = Distribution.summarize([of(1, 2, 30), new Distribution(), of(4, 500)])
    const together = Distribution.summarize([of(1, 2, 30, 4, 500)])
    expect(apart?.mean).toBeCloseTo(together?.mean as number, 9)
    expect(apart?.deviation).toBeCloseTo(together?.deviation as number, 9)
    expect(apart).toMatchObject({ count: 5, min: 1, max: 500, p50: together?.p50 })
  })

  test('keeps the deviation of large figures that hardly differ', () => {
    const summary = Distribution.summarize([of(1e12, 1e12 + 2)])
    expect(summary?.deviation).toBeCloseTo(1, 6)
  })

  test('counts a figure as often as it is told to', () => {
    const distribution = new Distribution()
    distribution.add(10, 3)
    distribution.add(20)
    expect(Distribution.summarize([distribution])).toMatchObject({ count: 4, mean: 12.5 })
  })

  test('keeps a sample of many figures, whose percentiles are about right', () => {
    const distribution = new Distribution()
    for (let figure = 0; figure < 100_000; figure++) distribution.add(figure)
    const summary = Distribution.summarize([distribution])
    expect(distribution.samples).toHaveLength(256)
    expect(summary).toMatchObject({ count: 100_000, min: 0, max: 99_999 })
    expect(Math.abs((summary?.p50 ?? 0) - 50_000)).toBeLessThan(20_000)
  })

  test('has a histogram with a count for what is below each bound, and for the rest', () => {
    expect(Distribution.histogram([of(-1, 0, 0.5, 3, 99)], [0, 1, 10])).toEqual([1, 2, 1, 1])
  })

  test('is nothing without figures', () => {
    expect(Distribution.summarize([])).toBeUndefined()
  })
})
