import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { LineReader } from '../../../../src/sources/numbers/line-reader.ts'

/** What each line is read as: its numbers, or the reason why it has none. */
function readAll(...lines: string[]): (number[] | string)[] {
  const reader = new LineReader()
  return lines.map((line) => {
    const read = reader.read(line)
    return typeof read === 'string' ? read : Array.from(read)
  })
}

const read = (line: string): number[] | string => readAll(line)[0] ?? []

describe('a line alone', () => {
  test.each<[string, number[]]>([
    ['[1, 2.5, -3e2]', [1, 2.5, -300]],
    [' [7] ', [7]],
    ['1,2,3', [1, 2, 3]],
    ['1, 2 ,3', [1, 2, 3]],
    ['1 ; 2;3', [1, 2, 3]],
    ['1 2\t3', [1, 2, 3]],
    ['1\t2.5\t-3', [1, 2.5, -3]],
    ['7\t8   9', [7, 8, 9]],
    ['1|2.5|3', [1, 2.5, 3]],
    ['| 1 | 2.5 |', [1, 2.5]],
    ['  .5 5. +1 -0.1e-3  ', [0.5, 5, 1, -0.0001]],
    ['\uFEFF1,2', [1, 2]],
    ['42', [42]],
    ['0250', [250]],
    ['\0\0 7,8 \0\0', [7, 8]],
    ['+2.49815724E+01,+2.49797297E+01', [24.9815724, 24.9797297]],
  ])('%j holds %j', (line, expected) => {
    expect(read(line)).toEqual(expected)
  })

  test.each<[string, number[]]>([
    ['1,5;2,25;-3,75', [1.5, 2.25, -3.75]],
    ['1,5 2,25 -3,75', [1.5, 2.25, -3.75]],
    ['1,5\t2,25', [1.5, 2.25]],
    ['1,5 | 2,25', [1.5, 2.25]],
    ['1,5E-3;,5', [0.0015, 0.5]],
    ['0,125;7', [0.125, 7]],
    ['1.234,5;2.000,0', [1234.5, 2000]],
    ['1.234.567;3', [1_234_567, 3]],
    ['1.234;2,5', [1234, 2.5]],
    ['1 234,5;2 000;3', [1234.5, 2000, 3]],
    ['1\u202f234,5;2\u00a0000', [1234.5, 2000]],
    ['1\u00a0234,5', [1234.5]],
    ['1,234.5 2,000.0', [1234.5, 2000]],
    ['1,234.5;-2,000', [1234.5, -2000]],
    ['1,234,567.25\t3', [1_234_567.25, 3]],
    ["1'234.5;2’000", [1234.5, 2000]],
    ['1.234 5.678', [1.234, 5.678]],
    ['1.234;5.678', [1.234, 5.678]],
    ['100 200 300', [100, 200, 300]],
  ])(
    '%j has one separator, and whatever else stands in its numbers belongs to them: %j',
    (line, expected) => {
      expect(read(line)).toEqual(expected)
    },
  )

  test.each<[string, number[]]>([
    ['\u22121.5 \u20132', [-1.5, -2]],
    ['1,\u22122,3', [1, -2, 3]],
    ['1.5D+03 2d-1', [1500, 0.2]],
    ['1.5D3,2', [1500, 2]],
    ['\u00a01.5,\u00a02.5\u00a0', [1.5, 2.5]],
    ['1.5\u30002.5', [1.5, 2.5]],
  ])('%j is written as typesetters and Fortran write: %j', (line, expected) => {
    expect(read(line)).toEqual(expected)
  })

  test.each<[string, RegExp]>([
    ['', /empty/],
    [';', /empty/],
    ['[]', /empty/],
    ['[1,]', /is not JSON/],
    ['[1, "2"]', /something else than numbers/],
    ['[1, null]', /something else than numbers/],
    ['[[1]]', /something else than numbers/],
    ['[1e999]', /too large/],
    ['{"a":1}', /"\{"a":1\}" is not a number/],
    ['1,,2', /empty/],
    [',1', /empty/],
    ['one two', /^"one" is not a number$/],
    ['1 two', /^"two" is not a number$/],
    ['temp:20.5,hum:40', /^"temp:20.5" is not a number$/],
    ['20.5°C', /^"20.5°C" is not a number$/],
    ['2026-08-04,1.5', /^"2026-08-04" is not a number$/],
    ['17:00:00 2', /^"17:00:00" is not a number$/],
    ['04.08.2026;1,5', /^"04.08.2026" is not a number$/],
    ['"1","2"', /is not a number$/],
    ['NaN', /^"NaN" is not a number$/],
    ['Infinity', /is not a number$/],
    ['1e999', /too large/],
    ['0x10', /is not a number$/],
    ['1_000', /is not a number$/],
    ['--1', /is not a number$/],
    ['1e', /is not a number$/],
    ['.', /is not a number$/],
    ['1\u00002', /^"1\\x002" is not a number$/],
    ['1 2;3', /^"1 2" is not a number$/],
    ['1;2|3', /is not a number$/],
    ['1,2,3;4,5,6', /is not a number$/],
    ['1\u00a02', /is not a number$/],
  ])('%j holds none, and why is said', (line, reason) => {
    expect(read(line)).toEqual(expect.stringMatching(reason))
  })

  test.each<[string, RegExp]>([
    ['1,234 2,000', /comma in "1,234" may be a decimal sign or group thousands$/],
    ['1,234\t2,000', /may be a decimal sign or group thousands$/],
    ['1.5;2,25', /^"1.5" has a decimal point and "2,25" a decimal comma$/],
    ['1,5 2.25', /has a decimal point and "1,5" a decimal comma$/],
    ['1,5, 2,25', /commas may be decimal signs or stand between numbers$/],
    ['1,05', /may be a decimal sign, group thousands or stand between numbers$/],
    ['1,000', /may be a decimal sign, group thousands or stand between numbers$/],
    ['1,234.5,2,000.0', /may be a decimal sign, group thousands or stand between numbers$/],
    ['1 234, 2 000', /both blanks and commas/],
    ['1 234,5 2 000,0', /blanks in it may group thousands/],
    ['1 234\t2 000', /blanks in it may group thousands/],
  ])('%j can be read in two ways and is refused', (line, reason) => {
    expect(read(line)).toEqual(expect.stringMatching(reason))
  })

  test('what is printed is read back, in each notation', () => {
    const numbers = fc.array(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      { minLength: 1 },
    )
    fc.assert(
      fc.property(numbers, (values) => {
        for (const separator of [' ', ' ;  ', '\t', ' | ', ', '])
          expect(read(values.join(separator))).toEqual(values)
        expect(read(JSON.stringify(values))).toEqual(values)
        expect(read(['0.5', ...values].map((value) => String(value).replace('.', ',')).join(';'))).toEqual([
          0.5,
          ...values,
        ])
        // Between commas alone, digits may be meant as decimals or groups until a line says otherwise.
        expect(readAll('1.5,-2', values.join(','))[1]).toEqual(values)
      }),
    )
  })

  test('any text gives finite numbers, or a reason that is safe for a terminal', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...Array.from("0123456789.,;|[]e+-  \t'\u00a0")) }),
    )
    fc.assert(
      fc.property(fc.array(anything), (lines) => {
        for (const result of readAll(...lines)) {
          // oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
          if (typeof result === 'string') expect(result).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
          else expect(result.length > 0 && result.every(Number.isFinite)).toBe(true)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('a million numbers are the most', () => {
    expect(read('1 '.repeat(1_000_000))).toHaveLength(1_000_000)
    expect(read('1 '.repeat(1_000_001))).toBe('it has more than 1000000 numbers')
  })
})

describe('a line that other lines explain', () => {
  test('with decimal commas seen, a comma alone is one, and points group', () => {
    expect(readAll('1,5;2,25', '3,5', '1,234 2,000', '1.234;2.500', '1,5, 2,25')).toEqual([
      [1.5, 2.25],
      [3.5],
      [1.234, 2],
      [1234, 2500],
      [1.5, 2.25],
    ])
  })

  test('with thousands seen, commas group', () => {
    expect(readAll('1,234.5 2,000.0', '1,234 2,000', '1,234', '12')).toEqual([
      [1234.5, 2000],
      [1234, 2000],
      [1234],
      [12],
    ])
  })

  test('with commas seen between numbers, they stand between numbers', () => {
    expect(readAll('1,2.5', '1,05', '1,000', '1,234.5,2,000.0', '512,300, 72')).toEqual([
      [1, 2.5],
      [1, 5],
      [1, 0],
      [1, 234.5, 2, 0],
      [512, 300, 72],
    ])
  })

  test('numbers that are padded with zeros throughout are what they look like', () => {
    expect(readAll('0250,0251', '007,050', '12,05,30')).toEqual([
      [250, 251],
      [7, 50],
      [12, 5, 30],
    ])
  })

  test('numbers that are padded with blanks to a width stand between commas', () => {
    expect(readAll('   123,123456,    12', '     1,     2,     3')).toEqual([
      [123, 123_456, 12],
      [1, 2, 3],
    ])
  })
})

describe('empty cells', () => {
  test('a separator at the end of each line is a habit of the program that wrote it', () => {
    expect(readAll('0250,', '0251,')).toEqual([[250], [251]])
    expect(readAll('1;2;', '3;4;', '5;6')).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    expect(readAll('0', '1,2,3,')).toEqual([[0], [1, 2, 3]])
  })

  test('a last cell that is empty is refused where the lines before it have one more', () => {
    expect(readAll('1,2,3', '1,2,')).toEqual([[1, 2, 3], 'its last cell is empty'])
    expect(readAll('1,,3', '1,2,')).toEqual([expect.stringMatching(/empty/), 'its last cell is empty'])
  })

  test('a cell between tabs that is empty is not passed over, while tabs may be doubled for looks', () => {
    expect(readAll('1\t2\t3', '1\t\t3', '\t2\t3', '1\t2\t')).toEqual([
      [1, 2, 3],
      'a cell between its tabs is empty',
      'a cell between its tabs is empty',
      'a cell between its tabs is empty',
    ])
    expect(readAll('1 2', '7\t8   9')[1]).toEqual([7, 8, 9])
    expect(readAll('1\t\t3', '1\t\t4')).toEqual([
      [1, 3],
      [1, 4],
    ])
  })
})

describe('lines read in the usual way although there is another', () => {
  /** What is said after each of the lines, and at their end. */
  function doubtsOf(...lines: string[]): (string | undefined)[] {
    const reader = new LineReader()
    return [
      ...lines.map((line) => {
        reader.read(line)
        return reader.doubt.take(false)
      }),
      reader.doubt.take(true),
    ]
  }

  test('are said after ten of them, or at the end', () => {
    const lines = Array.from({ length: 12 }, (_, index) => `20,${index + 1}`)
    const said = doubtsOf(...lines)
    expect(said.flatMap((sentence, index) => (sentence === undefined ? [] : [index]))).toEqual([9])
    expect(said[9]).toMatch(/^"20,10" is read as numbers between commas: /)
    expect(doubtsOf('1,5')).toEqual([undefined, expect.stringMatching(/^"1,5" is read as numbers between/)])
    expect(doubtsOf('1,234.5')).toEqual([expect.stringMatching(/^"1,234.5" is read as numbers/), undefined])
    expect(doubtsOf('1,234;2,000').at(-1)).toMatch(/^the commas in "1,234;2,000" are read as decimal signs/)
  })

  test('are not worth a word once a line settles it', () => {
    expect(doubtsOf('1,5', '100,200,300', '1,2.5')).toEqual(Array.from({ length: 4 }))
    expect(doubtsOf('1,234;2,000', '1,5;2,0')).toEqual(Array.from({ length: 3 }))
    expect(doubtsOf('1,2,3', '1 2', '1, 2', '[1,2]', '1.234 5')).toEqual(Array.from({ length: 6 }))
  })

  test('are said at once when a line settles it the other way', () => {
    expect(doubtsOf('1,5', '1,5;2,0')).toEqual([
      undefined,
      expect.stringMatching(/^"1,5" is read as numbers/),
      undefined,
    ])
  })
})
