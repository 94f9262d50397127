import { describe, expect, test } from '@jest/globals'
import { highWaterMarkFor } from '../../src/high-water-mark.ts'

describe('highWaterMarkFor', () => {
  test.each([
    [150_000, 111],
    [16 * 1024 * 1024, 2],
    [1e9, 2],
    [8 * 1024 * 1024, 2],
    [100, 1000],
    [0, 1000],
  ])('messages of %d bytes: %d may wait', (bytes, expected) => {
    expect(highWaterMarkFor(bytes)).toBe(expected)
  })
})
