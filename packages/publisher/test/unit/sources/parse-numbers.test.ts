import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { parseNumbers } from '../../../src/sources/parse-numbers.ts'

describe('parseNumbers', () => {
  test.each<[string, number[]]>([
    ['[1, 2.5, -3e2]', [1, 2.5, -300]],
    [' [7] ', [7]],
    ['1,2,3', [1, 2, 3]],
    ['1 ; 2;3', [1, 2, 3]],
    ['1 2\t3', [1, 2, 3]],
    ['  .5 5. +1 -0.1e-3  ', [0.5, 5, 1, -0.0001]],
    ['\uFEFF1,2', [1, 2]],
    ['42', [42]],
  ])('%j holds %j', (line, expected) => {
    expect(parseNumbers(line)).toEqual(Float64Array.from(expected))
  })

  test.each([
    '',
    ' ',
    '[]',
    '[1,]',
    '[1, "2"]',
    '[1, null]',
    '[[1]]',
    '[1e999]',
    '{"a":1}',
    '1,,2',
    '1,2,',
    ',1',
    'one two',
    '1 two',
    'NaN',
    'Infinity',
    '1e999',
    '0x10',
    '1_000',
    '--1',
    '1e',
    '.',
  ])('%j holds none', (line) => {
    expect(parseNumbers(line)).toBeUndefined()
  })

  test('what is printed is read back, in each notation', () => {
    const numbers = fc.array(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      {
        minLength: 1,
      },
    )
    fc.assert(
      fc.property(numbers, (values) => {
        for (const line of [
          JSON.stringify(values),
          values.join(','),
          values.join(' '),
          values.join(' ;  '),
        ]) {
          expect(parseNumbers(line)).toEqual(Float64Array.from(values))
        }
      }),
    )
  })

  test('any text gives finite numbers or none', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...Array.from('0123456789.,;[]e+- ')) })),
        (line) => {
          const data = parseNumbers(line)
          return data === undefined || (data.length > 0 && data.every(Number.isFinite))
        },
      ),
    )
  })

  test('a million numbers are the most', () => {
    expect(parseNumbers('1 '.repeat(1_000_000))).toHaveLength(1_000_000)
    expect(parseNumbers('1 '.repeat(1_000_001))).toBeUndefined()
  })
})
