import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { parseByteSize } from '../../src/byte-size.ts'

describe('parseByteSize', () => {
  test.each([
    ['1', 1],
    ['500M', 500 * 1024 * 1024],
    ['2G', 2 * 1024 ** 3],
    ['1.5k', 1536],
    ['3MiB', 3 * 1024 * 1024],
  ])('reads %s', (text, bytes) => {
    expect(parseByteSize(text, 'cache')).toBe(bytes)
  })

  test.each(['', '0', '-1', '1X', 'G', '1e3', '99999999T', '0.1'])('refuses "%s"', (text) => {
    expect(() => parseByteSize(text, 'cache')).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test('every whole number of each unit is read', () => {
    const units = fc.constantFrom(['', 1], ['K', 1024], ['m', 1024 ** 2], ['GB', 1024 ** 3], [
      'TiB',
      1024 ** 4,
    ] as const)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8000 }), units, (count, [unit, factor]) => {
        expect(parseByteSize(`${count}${unit}`, 'cache')).toBe(count * factor)
      }),
    )
  })

  test('any text gives a size in range or an ERR_OPTION', () => {
    const near = fc.string({ unit: fc.constantFrom(...Array.from('0123456789.kKMGTiB e-')), maxLength: 18 })
    fc.assert(
      fc.property(fc.oneof(near, fc.string()), (text) => {
        try {
          const bytes = parseByteSize(text, 'cache')
          return Number.isSafeInteger(bytes) && bytes >= 1
        } catch (error) {
          return (error as { code?: string }).code === 'ERR_OPTION'
        }
      }),
      { numRuns: 400 },
    )
  })
})
