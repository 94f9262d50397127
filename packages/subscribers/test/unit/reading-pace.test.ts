import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { ReadingPace } from '../../src/reading-pace.ts'

interface Paced {
  readonly pace: ReadingPace
  /** Sets how many bytes wait, as if the consumer had taken the others. */
  readonly takeDownTo: (bytes: number) => void
  /** Whether the last pause is over. */
  readonly isOver: () => Promise<boolean>
}

/** A reader that has paused at 101 of 100 bytes. */
function paused(): Paced {
  let waiting = 101
  let over = false
  const pace = new ReadingPace(() => waiting, 100)
  pace.took()
  void pace.pause()?.then(() => (over = true))
  return {
    pace,
    takeDownTo: (bytes) => {
      waiting = bytes
      pace.took()
    },
    isOver: async () => {
      await jest.advanceTimersByTimeAsync(0)
      return over
    },
  }
}

describe('ReadingPace', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  test('does not pause up to the limit', () => {
    const pace = new ReadingPace(() => 100, 100)
    pace.took()
    expect(pace.pause()).toBeUndefined()
  })

  test('does not pause before a consumer has begun', () => {
    expect(new ReadingPace(() => 101, 100).pause()).toBeUndefined()
  })

  test('pauses above it until the consumer has taken a quarter', async () => {
    const { takeDownTo, isOver } = paused()
    takeDownTo(76)
    expect(await isOver()).toBe(false)
    takeDownTo(75)
    expect(await isOver()).toBe(true)
    expect(jest.getTimerCount()).toBe(0)
  })

  test('goes on as long as the consumer takes something each second', async () => {
    const { takeDownTo, isOver } = paused()
    for (let second = 0; second < 20; second++) {
      takeDownTo(100 - second)
      await jest.advanceTimersByTimeAsync(1000)
      expect(await isOver()).toBe(false)
    }
  })

  test('does not wait for a consumer that has stopped, until it goes on', async () => {
    const { pace, takeDownTo, isOver } = paused()
    await jest.advanceTimersByTimeAsync(1000)
    expect(await isOver()).toBe(true)
    expect(pace.pause()).toBeUndefined()
    takeDownTo(150)
    expect(pace.pause()).toBeInstanceOf(Promise)
  })

  test('ends at once when it is told to, and for good', async () => {
    const { pace, isOver } = paused()
    pace.end()
    expect(await isOver()).toBe(true)
    expect(pace.pause()).toBeUndefined()
    expect(jest.getTimerCount()).toBe(0)
  })
})
