import { describe, expect, test } from '@jest/globals'
import { parseFrameRate, reduce, toNumber, toRational } from '../../../src/probe/rational.ts'

describe('rational', () => {
  test.each([
    ['25', 25, 1],
    ['12.50', 25, 2],
    ['29.97', 30_000, 1001],
    ['23.98', 24_000, 1001],
    ['59.94', 60_000, 1001],
    ['119.88', 120_000, 1001],
    ['15.79', 1579, 100],
    ['0.5000', 1, 2],
    ['1k', 1000, 1],
    ['90k', 90_000, 1],
  ])('reads the frame rate %s', (text, numerator, denominator) => {
    expect(parseFrameRate(text)).toEqual({ numerator, denominator })
  })

  test.each(['', '0', 'x', '-5', '1e9', '9'.repeat(30)])('%j is no frame rate', (text) => {
    expect(parseFrameRate(text)).toBeUndefined()
  })

  test('turns numbers into fractions and back', () => {
    expect(toRational(29.97)).toEqual({ numerator: 2997, denominator: 100 })
    expect(reduce({ numerator: 90, denominator: 36 })).toEqual({ numerator: 5, denominator: 2 })
    expect(toNumber({ numerator: 25, denominator: 2 })).toBe(12.5)
  })
})
