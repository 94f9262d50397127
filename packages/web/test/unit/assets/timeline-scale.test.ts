import { describe, expect, test } from '@jest/globals'
import {
  columnsOf,
  formatLength,
  partOf,
  spanOf,
  timeAfterKey,
  timeOf,
} from '../../../assets/history/timeline-scale.js'

const span = { from: 1000, to: 1100 }

describe('a timeline', () => {
  test('has each time at a place of its own, and what is outside at its ends', () => {
    expect([900, 1000, 1025, 1100, 2000].map((time) => partOf(span, time))).toEqual([0, 0, 0.25, 1, 1])
    expect([-1, 0, 0.25, 1, 2].map((part) => timeOf(span, part))).toEqual([1000, 1000, 1025, 1100, 1100])
    expect(partOf({ from: 5, to: 5 }, 5)).toBe(1)
  })

  test('moves by keys: a second, ten with Shift or by page, and to its ends', () => {
    const after = (key: string, isFar = false): number | undefined => timeAfterKey(key, isFar, 1005, span)
    expect(['ArrowLeft', 'ArrowRight', 'PageUp', 'Home', 'End'].map((key) => after(key))).toEqual([
      1004, 1006, 1015, 1000, 1100,
    ])
    expect(after('ArrowRight', true)).toBe(1015)
    expect(after('ArrowLeft', true)).toBe(1000)
    expect(after('a')).toBeUndefined()
  })

  test('has a selection in the right order, within what is kept', () => {
    expect(spanOf(span, 1050, 900)).toEqual({ from: 1000, to: 1050 })
  })

  test('sums up what shares a pixel, and fills what a stretch covers', () => {
    const marks = [
      [1000, 1],
      [1001, 2],
      [1050, 4],
      [1200, 8],
    ] as const
    expect(columnsOf(marks, 1, span, 10)).toEqual([
      { at: 0, width: 1, count: 3 },
      { at: 5, width: 1, count: 4 },
    ])
    expect(columnsOf([[105, 1]], 10, span, 100)).toEqual([{ at: 50, width: 10, count: 1 }])
    expect(columnsOf([[1100, 1]], 1, span, 10)).toEqual([{ at: 9, width: 1, count: 1 }])
  })

  test('writes lengths as people do', () => {
    expect([0, 7.34, 59.96, 750, 3723].map((seconds) => formatLength(seconds, true))).toEqual([
      '0:00.0',
      '0:07.3',
      '1:00.0',
      '12:30.0',
      '1:02:03.0',
    ])
    expect([59.6, -3].map((seconds) => formatLength(seconds))).toEqual(['1:00', '0:00'])
  })
})
