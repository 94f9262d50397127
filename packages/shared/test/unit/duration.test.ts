import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { MAX_DURATION_MS, parseDuration } from '../../src/duration.ts'

describe('parseDuration', () => {
  test.each([
    ['0', 0],
    ['0s', 0],
    ['250ms', 250],
    ['1s', 1000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['2147483647ms', MAX_DURATION_MS],
  ])('%s is %d ms', (text, expected) => {
    expect(parseDuration(text, 'interval')).toBe(expected)
  })

  test('every number of each unit is read', () => {
    const units = fc.constantFrom(['ms', 1], ['s', 1000], ['m', 60_000], ['h', 3_600_000] as [string, number])
    fc.assert(
      fc.property(fc.nat(500), units, (count, [unit, factor]) => {
        expect(parseDuration(`${count}${unit}`, 'for')).toBe(count * factor)
      }),
    )
  })

  test.each([
    '',
    ' 1s',
    '1s ',
    '1',
    '-1s',
    '+1s',
    '1e3s',
    '.5s',
    '1.s',
    '1 s',
    '1S',
    '1d',
    '1s1s',
    '0x1s',
    'NaNs',
  ])('%j is no duration', (text) => {
    expect(() => parseDuration(text, 'interval')).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining('interval') }),
    )
  })

  test.each(['2147483648ms', '25d', '600h', `${'9'.repeat(400)}s`])(
    '%s is longer than a timer can hold',
    (text) => {
      expect(() => parseDuration(text, 'for')).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
    },
  )

  test('any text gives a duration in range or an ERR_OPTION', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('0123456789.msh-e ')), maxLength: 12 }),
        (text) => {
          try {
            const milliseconds = parseDuration(text, 'for')
            return milliseconds >= 0 && milliseconds <= MAX_DURATION_MS
          } catch (error) {
            return (error as { code?: string }).code === 'ERR_OPTION'
          }
        },
      ),
    )
  })
})
