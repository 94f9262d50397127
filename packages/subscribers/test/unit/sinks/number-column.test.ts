import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { NumberColumn } from '../../../src/sinks/number-column.ts'

/** How values are shown that follow each other in one position. */
function show(...values: number[]): string[] {
  const column = new NumberColumn()
  return values.map((value) => column.format(value))
}

describe('NumberColumn', () => {
  test.each<[number, string]>([
    [0, '0.000'],
    [41, '41.000'],
    [-3.5, '-3.500'],
    [0.0004, '0.0004'],
    [1.5e-7, '1.5e-7'],
    [12_345_678.25, '12345678.250'],
    [52.520008, '52.520008'],
    [-122.4194155, '-122.4194155'],
    [123_456_789.123, '123456789.123'],
    [1_785_858_421.977, '1785858421.977'],
    [1_785_858_421_977, '1785858421977.000'],
    [2 ** 53, '9007199254740992'],
    [1e300, '1e+300'],
    [-1.25e-300, '-1.25e-300'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('shows %d as it is: %s', (value, text) => {
    expect(show(value)).toEqual([text])
  })

  test.each<[number, string]>([
    [8125.312345678901, '8125.312'],
    [-8125.312345678901, '-8125.312'],
    [8125.300000000001, '8125.300'],
    [1_785_858_421 + 0.97712, '1785858421.977'],
    [1 / 3, '0.333'],
    [1 / 30, '0.03333333'],
    [Math.PI * 1e-5, '0.00003141593'],
    [Math.PI * 1e-9, '3.141593e-9'],
    [1e27 / 81, '1.234568e+25'],
  ])('shows %d, the result of a computation, short: %s', (value, text) => {
    expect(show(value)).toEqual([text])
  })

  test('shows as many digits as it takes to tell computed values from the one before, from then on', () => {
    const [north, east] = [52 + 1 / 3, -(13 + 1 / 3)]
    expect(show(north, north + 3e-6, north + 6e-6, 50 + 1 / 7)).toEqual([
      '52.333',
      '52.333336',
      '52.333339',
      '50.142857',
    ])
    expect(show(east, east, east - 2e-8)).toEqual(['-13.333', '-13.333', '-13.33333335'])
    expect(show(1 / 30, 1 / 30 + 2e-9)).toEqual(['0.03333333', '0.033333335'])
    expect(show(12_345_678 + 1 / 3, 12_345_678 + 1 / 3 + 2e-5)).toEqual(['12345678.333', '12345678.33335'])
  })

  test('what is shown is near the value, and values of few digits are exact', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e300, max: 1e300 })), (values) => {
        for (const [index, text] of show(...values).entries()) {
          const value = values[index] ?? 0
          expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(
            Math.max(5.1e-4, Math.abs(value) * 5.1e-7),
          )
        }
      }),
      { numRuns: 200 },
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(12))), (parts) => {
        const values = parts.map(([digits, decimals]) => digits / 10 ** decimals)
        expect(show(...values).map(Number)).toEqual(values.map((value) => value + 0))
      }),
      { numRuns: 200 },
    )
  })
})
