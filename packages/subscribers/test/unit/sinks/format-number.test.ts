import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { formatNumber } from '../../../src/sinks/format-number.ts'

describe('formatNumber', () => {
  test.each<[number, string]>([
    [0, '0.000'],
    [41, '41.000'],
    [-3.5, '-3.500'],
    [0.0004, '0.0004'],
    [1.5e-7, '1.5e-7'],
    [12_345_678.25, '12345678.250'],
    [52.520008, '52.520008'],
    [-122.4194155, '-122.4194155'],
    [1_785_858_421.977, '1785858421.977'],
    [1_785_858_421_977, '1785858421977.000'],
    [2 ** 53, '9007199254740992'],
    [1e300, '1e+300'],
    [-1.25e-300, '-1.25e-300'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('shows %d as it is: %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  test.each<[number, string]>([
    [0.1 + 0.2, '0.300'],
    [8125.312345678901, '8125.312346'],
    [-8125.312345678901, '-8125.312346'],
    [1_785_858_421.9771234, '1785858421.977'],
    [52.52000833333333, '52.52000833'],
    [1 / 3, '0.3333333333'],
    [Math.PI * 1e-5, '0.00003141592654'],
    [Math.PI * 1e-9, '3.141592654e-9'],
    [1.2345678901234567e25, '1.23456789e+25'],
  ])('shows %d, the result of a computation, with ten digits: %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  test('values that differ in their tenth digit or before look different, and each is read back near itself', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e308, max: 1e308 }), (value) => {
        const shown = Number(formatNumber(value))
        expect(Math.abs(shown - value)).toBeLessThanOrEqual(Math.abs(value) * 5.1e-10)
      }),
      { numRuns: 2000 },
    )
  })
})
