import { describe, expect, test } from '@jest/globals'
import { glyphCells, textColumns } from '../../../src/sources/pattern/font.ts'
import { layOutPattern } from '../../../src/sources/pattern/layout.ts'
import { TestPattern } from '../../../src/sources/pattern/test-pattern.ts'

/** The bytes of the rows from `top` on, as text that can be compared. */
function rows(pixels: Uint8Array, width: number, top: number, count: number): string {
  return Buffer.from(pixels.subarray(top * width * 3, (top + count) * width * 3)).toString('base64')
}

describe('TestPattern', () => {
  test('the same time and number give the same picture', () => {
    const first = Uint8Array.from(new TestPattern(320, 180, 30).draw(1_700_000_000.5, 7))
    expect(Buffer.from(new TestPattern(320, 180, 30).draw(1_700_000_000.5, 7)).equals(first)).toBe(true)
  })

  test('nothing of an earlier frame is left in a later one', () => {
    const pattern = new TestPattern(320, 180, 30)
    const first = Uint8Array.from(pattern.draw(1_700_000_000, 1))
    pattern.draw(1_700_000_123.4, 99_999)
    expect(Buffer.from(pattern.draw(1_700_000_000, 1)).equals(first)).toBe(true)
  })

  test('the counter shows the number and nothing else', () => {
    const pattern = new TestPattern(640, 360, 30)
    const { counter } = layOutPattern(640, 360)
    const shown = (frame: number): string =>
      rows(pattern.draw(1_700_000_000, frame), 640, counter.y, 7 * counter.scale)
    expect(shown(5)).not.toBe(shown(6))
    expect(shown(10_000_005)).toBe(shown(5))
  })

  test('everything moves with time, and a millisecond shows', () => {
    const pattern = new TestPattern(640, 360, 30)
    const { clock } = layOutPattern(640, 360)
    const shown = (time: number): string => rows(pattern.draw(time, 0), 640, clock.y, 7 * clock.scale)
    expect(shown(1_700_000_000.001)).not.toBe(shown(1_700_000_000.002))
  })

  test.each([
    [160, 90],
    [161, 91],
    [160, 8192],
    [2000, 90],
    [640, 480],
    [1920, 1080],
  ])('at %i x %i all parts lie inside', (width, height) => {
    const layout = layOutPattern(width, height)
    for (const part of [layout.panel, layout.track, layout.bars, layout.ramp]) {
      expect(Math.min(part.x, part.y)).toBeGreaterThanOrEqual(0)
      expect(part.x + part.width).toBeLessThanOrEqual(width)
      expect(part.y + part.height).toBeLessThanOrEqual(height)
    }
    for (const [text, length] of [
      [layout.clock, 12],
      [layout.counter, 13],
    ] as const) {
      expect(text.x).toBeGreaterThanOrEqual(0)
      expect(text.x + textColumns('x'.repeat(length)) * text.scale).toBeLessThanOrEqual(width)
    }
    if (width * height < 3_000_000) {
      expect(new TestPattern(width, height, 29.97).draw(1_700_000_000, 0)).toHaveLength(width * height * 3)
    }
  })

  test('every character that is drawn has a glyph of its own', () => {
    const characters = '0123456789:.ABCDEFGHIJKLMNOPQRSTUVWXYZ-/'
    const glyphs = new Set(characters.split('').map((character) => glyphCells(character).join()))
    expect(glyphs.size).toBe(characters.length)
    expect(glyphs.has('')).toBe(false)
    expect(glyphCells(' ')).toEqual([])
  })
})
