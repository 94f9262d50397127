import { describe, expect, test } from '@jest/globals'
import { parsePositions } from '../../../assets/chart/position-choice.js'
import { writePositions } from '../../../assets/chart/stream-choice.js'

describe('a choice of positions', () => {
  test.each([
    ['0-3', [0, 1, 2, 3]],
    ['5, 17 190', [5, 17, 190]],
    ['3 - 5;9', [3, 4, 5, 9]],
    ['7,7,7', [7]],
    ['199', [199]],
  ])('%j is read', (text, positions) => {
    expect(parsePositions(text, 200)).toEqual(positions)
  })

  test.each(['', 'x', '200', '0-32', '5-3', '1e1', '-1', '0-15, 20-35, 40'])('%j is none', (text) => {
    expect(parsePositions(text, 200)).toBeUndefined()
  })

  test('is written as it is read', () => {
    const text = writePositions([0, 1, 2, 5, 17, 18], ', ')
    expect(text).toBe('0-2, 5, 17-18')
    expect(parsePositions(text, 200)).toEqual([0, 1, 2, 5, 17, 18])
  })
})
