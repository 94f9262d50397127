import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  fitText,
  splitGraphemes,
  textWidth,
  wrapText,
} from '../../../../src/commands/chat/screen/text-width.ts'

describe('the width of text in a terminal', () => {
  test.each([
    ['hello', 5],
    ['h\u00e9llo', 5],
    ['e\u0301', 1],
    ['\u4f60\u597d', 4],
    ['\u3053\u3093', 4],
    ['\uff76\uff85', 2],
    ['\uff21', 2],
    ['\ud55c\uae00', 4],
    ['\u{1f600}', 2],
    ['\u{1f468}\u200d\u{1f469}\u200d\u{1f467}', 2],
    ['\u{1f1e9}\u{1f1ea}', 2],
    ['\u2764\ufe0f', 2],
    ['\u2764', 1],
    ['\u{1f44d}\u{1f3fd}', 2],
    ['\u2026', 1],
    ['\u0645\u0631\u062d\u0628\u0627', 5],
    ['\u0928\u092e\u0938\u094d\u0924\u0947', 4],
    ['\u304b\u3099', 2],
    ['', 0],
  ])('of %j is %d columns', (text, columns) => {
    expect(textWidth(text)).toBe(columns)
  })

  test('is cut with an ellipsis, never in the middle of a character', () => {
    expect(fitText('hello', 5)).toBe('hello')
    expect(fitText('hello!', 5)).toBe('hell\u2026')
    expect(fitText('\u4f60\u597d\u4f60', 4)).toBe('\u4f60\u2026')
    expect(fitText('abc', 0)).toBe('')
  })

  test('is wrapped at blanks, and within words that are too long', () => {
    expect(wrapText('the quick brown fox', 9, 9)).toEqual(['the quick', 'brown fox'])
    expect(wrapText('abcdefghij kl', 4, 4)).toEqual(['abcd', 'efgh', 'ij', 'kl'])
    expect(wrapText('ab cdef', 3, 8)).toEqual(['ab', 'cdef'])
    expect(wrapText('\u4f60\u597d\u4f60\u597d', 5, 5)).toEqual(['\u4f60\u597d', '\u4f60\u597d'])
    expect(wrapText('', 5, 5)).toEqual([''])
  })

  test('never exceeds the columns, and loses nothing but blanks', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '\u4f60', '\u{1f600}', 'e\u0301'),
      maxLength: 60,
    })
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 12 }), (words, columns) => {
        const rows = wrapText(words, columns, columns)
        for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(columns)
        const seen = (value: string): string =>
          splitGraphemes(value)
            .filter((part) => part !== ' ')
            .join('')
        expect(seen(rows.join(''))).toBe(seen(words))
      }),
    )
  })
})
