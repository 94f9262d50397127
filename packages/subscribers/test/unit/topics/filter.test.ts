import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { parseFilter } from '../../../src/topics/filter/filter.ts'

const FIELDS: Readonly<Record<string, unknown>> = {
  temp: 31,
  'value[2]': -5,
  state: 'on',
  'gps.lat': 1.5,
  'air temp': 20,
  nan: Number.NaN,
}
const matches = (text: string): boolean => parseFilter(text).matches((name) => FIELDS[name])

describe('a filter', () => {
  test.each([
    ['temp > 30', true],
    ['temp>31', false],
    ['30 < temp', true],
    ['value[2] <= -5', true],
    ['value[2]<-5', false],
    ["state == 'on'", true],
    ['state = "off"', false],
    ["state != 'off'", true],
    ['gps.lat >= 1.5e0', true],
    ['`air temp` < 21', true],
    ['temp > 40 or temp > 30 and gps.lat > 1', true],
    ['(temp > 40 or temp > 30) and gps.lat > 2', false],
    ['not temp > 40', true],
    ['!(temp > 40) && (state == "on" || temp < 0)', true],
    ['nan > 0', false],
    ['nan <= 0', false],
    ["state > 'a'", false],
  ])('%s is %s', (text, expected) => {
    expect(matches(text)).toBe(expected)
  })

  test.each(['missing > 0', 'missing != 0', '0 == missing'])(
    '%s is false: the field is not there',
    (text) => {
      expect(matches(text)).toBe(false)
    },
  )

  test('tells the names that it uses', () => {
    expect(parseFilter("temp > 30 and (state == 'on' or temp < 0)").names).toEqual(['temp', 'state'])
  })

  test.each([
    '',
    'temp',
    'temp >',
    'temp > 30 and',
    'temp > 30 temp < 3',
    '(temp > 30',
    'temp > 30)',
    'process.exit()',
    'temp; rm -rf',
    'temp => 3',
    '1 +2 > 3',
    "state == 'on",
  ])('"%s" is refused in one sentence', (text) => {
    expect(() => parseFilter(text)).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTION',
        message: expect.stringMatching(/^filter cannot be read/),
      }),
    )
  })

  test('nests no deeper than it may, and is no longer', () => {
    expect(() => parseFilter(`${'('.repeat(40)}temp > 1${')'.repeat(40)}`)).toThrow(/nests deeper/)
    expect(() => parseFilter(`temp > ${'1'.repeat(2000)}`)).toThrow(/at most 1000 characters/)
  })

  test('any text is read or refused, and never does anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        try {
          expect(typeof parseFilter(text).matches(() => 1)).toBe('boolean')
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_OPTION' })
        }
      }),
    )
  })
})
