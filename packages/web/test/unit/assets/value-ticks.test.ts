import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { rangeOf, ticksOf } from '../../../assets/chart/value-ticks.js'

/** The labels of a chart of these values, with room for six. */
function labelsOf(least: number, greatest: number): string[] {
  return ticksOf(...rangeOf(least, greatest), 6).map(({ label }) => label)
}

describe('the scale of a chart', () => {
  test.each([
    [0, 10_000, ['0', '2,000', '4,000', '6,000', '8,000', '10,000']],
    [2.4e-5, 2.6e-5, ['2.40e-5', '2.45e-5', '2.50e-5', '2.55e-5', '2.60e-5']],
    [
      12_345_678,
      12_345_778,
      ['12,345,680', '12,345,700', '12,345,720', '12,345,740', '12,345,760', '12,345,780'],
    ],
    [3.199e9, 3.201e9, ['3.1990e9', '3.1995e9', '3.2000e9', '3.2005e9', '3.2010e9']],
    [-1e300, 1e300, ['-1.0e300', '-0.5e300', '0', '0.5e300', '1.0e300']],
    [1e-300, 3e-300, ['1.0e-300', '1.5e-300', '2.0e-300', '2.5e-300', '3.0e-300']],
    [
      123456789.1221,
      123456789.1224,
      ['123,456,789.1221', '123,456,789.1222', '123,456,789.1223', '123,456,789.1224'],
    ],
    [5, 5, ['4.6', '4.8', '5.0', '5.2', '5.4']],
    [0, 0, ['-1.0', '-0.5', '0.0', '0.5', '1.0']],
    [0, 1000, ['0', '200', '400', '600', '800', '1,000']],
  ])('from %d to %d is labelled readably', (least, greatest, labels) => {
    expect(labelsOf(least, greatest)).toEqual(labels)
  })

  test('holds all values, and tells ticks apart, at any magnitude', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -4e307, max: 4e307 })
    fc.assert(
      fc.property(finite, finite, fc.integer({ min: 2, max: 20 }), (one, other, most) => {
        const [least, greatest] = [Math.min(one, other), Math.max(one, other)]
        const [start, end] = rangeOf(least, greatest)
        expect(start < end && end - start < Number.POSITIVE_INFINITY).toBe(true)
        expect(start).toBeLessThanOrEqual(least)
        expect(end).toBeGreaterThanOrEqual(greatest)
        const ticks = ticksOf(start, end, most)
        expect(ticks.length).toBeLessThanOrEqual(most + 1)
        expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length)
        const isWell = ({ value, label }: (typeof ticks)[number]): boolean =>
          value >= start &&
          value <= end &&
          Math.abs(Number(label.replaceAll(',', '')) - value) <= Math.abs(value) * 1e-15 &&
          label.length <= 24
        expect(ticks.filter((tick) => !isWell(tick))).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('has ticks for values that hardly differ, and for the greatest and smallest there are', () => {
    for (const [least, greatest] of [
      [1e16, 1e16 + 2],
      [-Number.MAX_VALUE, Number.MAX_VALUE],
      [Number.MAX_VALUE, Number.MAX_VALUE],
      [5e-324, 5e-324],
      [-1e-310, 3e-310],
      [0.1, 0.1 + Number.EPSILON],
    ] as const) {
      const labels = labelsOf(least, greatest)
      expect(labels.length).toBeGreaterThan(2)
      expect(new Set(labels).size).toBe(labels.length)
    }
  })
})
