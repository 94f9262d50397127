import { describe, expect, test } from '@jest/globals'
import { ValueText } from '../../../assets/chart/value-text.js'

/** What is said of values that come one after the other, with all of them in sight. */
function tellAll(values: readonly number[], text = new ValueText()): string[] {
  return values.map((value, index) => {
    const seen = values.slice(0, index + 1)
    return text.tell(value, Math.min(...seen), Math.max(...seen))
  })
}

describe('the newest value of a line', () => {
  test.each([
    [123456789.123, '123456789.123'],
    [12345678, '12345678'],
    [0.1 + 0.2, '0.3'],
    [0, '0'],
    [-99999.5, '-99999.5'],
    [1e300, '1e+300'],
    [2.5e-7, '2.5e-7'],
    [Number.NaN, '–'],
  ])('that stands still at %d is said as %s', (value, expected) => {
    expect(new ValueText().tell(value, value, value)).toBe(expected)
  })

  test('shows the digits that change', () => {
    const gps = tellAll([52.520001, 52.520002, 52.520003, 52.520004])
    expect(new Set(gps).size).toBe(4)
    const offset = tellAll([123456789.1231, 123456789.1232, 123456789.1233])
    expect(new Set(offset).size).toBe(3)
    const counter = Array.from({ length: 60 }, (_, index) => 12_345_678 + index * 17)
    expect(tellAll(counter)).toEqual(counter.map(String))
    const huge = tellAll([9.1e299, 9.2e299, 9.3e299])
    expect(new Set(huge).size).toBe(3)
    const tiny = tellAll([2.51e-5, 2.52e-5, 2.53e-5])
    expect(new Set(tiny).size).toBe(3)
  })

  test('keeps its number of digits while the values change as before', () => {
    const values = Array.from({ length: 200 }, (_, index) => Math.sin(index) * 100)
    const texts = tellAll(values).slice(30)
    expect(new Set(texts.map((text) => text.split('.')[1]?.length)).size).toBe(1)
    expect(texts.every((text) => text.length <= 7)).toBe(true)
  })

  test('has no more digits than a double holds', () => {
    for (const text of tellAll([0.1, 0.1 + 2e-17, 1 / 3, 1e15 / 3, 1e-5 / 3])) {
      expect(text.replace(/e.*|[.-]/g, '').replace(/^0+/, '').length).toBeLessThanOrEqual(16)
    }
  })
})
