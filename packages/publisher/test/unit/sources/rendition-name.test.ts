import { describe, expect, test } from '@jest/globals'
import { checkRenditions, renditionHeight } from '../../../src/sources/rendition-name.ts'

describe('renditionHeight', () => {
  test('is the number before the p', () => {
    expect([renditionHeight('360p'), renditionHeight('16p'), renditionHeight('8192p')]).toEqual([
      360, 16, 8192,
    ])
  })

  test.each(['360', 'p', '15p', '8193p', '0360p', '36.5p', '360P', '-360p', '', '360p '])(
    'refuses "%s"',
    (name) => {
      expect(() => renditionHeight(name)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
    },
  )
})

describe('checkRenditions', () => {
  test('sorts by height, not by letters, largest first', () => {
    expect(checkRenditions(['90p', '1080p', '360p'])).toEqual(['1080p', '360p', '90p'])
  })

  test('checks a single one too', () => {
    expect(() => checkRenditions(['5'])).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test('refuses one that is given twice, and more than 8', () => {
    expect(() => checkRenditions(['90p', '360p', '90p'])).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
    const many = Array.from({ length: 9 }, (_, i) => `${100 + i}p`)
    expect(() => checkRenditions(many)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
    expect(checkRenditions(many.slice(1))).toHaveLength(8)
  })
})
