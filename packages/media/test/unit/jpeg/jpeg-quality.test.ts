import { describe, expect, test } from '@jest/globals'
import { quantizationTables } from '../../../src/jpeg/jpeg-quality.ts'

describe('quantizationTables', () => {
  test('at 50 are those of the standard', () => {
    const { luma, chroma } = quantizationTables(50)
    expect(luma.slice(0, 8)).toEqual([16, 11, 10, 16, 24, 40, 51, 61])
    expect(luma.slice(-8)).toEqual([72, 92, 95, 98, 112, 100, 103, 99])
    expect(chroma.slice(0, 8)).toEqual([17, 18, 24, 47, 99, 99, 99, 99])
    expect(chroma.slice(24, 34)).toEqual([47, 66, 99, 99, 99, 99, 99, 99, 99, 99])
  })

  test('are finer with each step of quality, and stay within a byte', () => {
    for (let quality = 1; quality < 100; quality++) {
      const coarse = quantizationTables(quality)
      const fine = quantizationTables(quality + 1)
      for (const table of ['luma', 'chroma'] as const) {
        expect(coarse[table]).toHaveLength(64)
        expect(coarse[table].every((divisor, i) => divisor >= (fine[table][i] ?? Infinity))).toBe(true)
        expect(coarse[table].every((divisor) => divisor >= 1 && divisor <= 255)).toBe(true)
      }
    }
    expect(new Set(quantizationTables(100).luma)).toEqual(new Set([1]))
  })
})
