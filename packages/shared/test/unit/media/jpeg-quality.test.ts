import { describe, expect, test } from '@jest/globals'
import { ffmpegQuality } from '../../../src/media/jpeg-quality.ts'

describe('ffmpegQuality', () => {
  test('maps the whole scale, from the coarsest to the finest', () => {
    const scales = Array.from({ length: 100 }, (_, i) => ffmpegQuality(i + 1))
    expect(scales[0]).toBe(31)
    expect(scales[99]).toBe(1)
    expect(scales).toEqual([...scales].sort((a, b) => b - a))
  })

  test('80 is 3, and 90 is 2', () => {
    expect(ffmpegQuality(80)).toBe(3)
    expect(ffmpegQuality(90)).toBe(2)
  })
})
