import { describe, expect, test } from '@jest/globals'
import { RetryPace } from '../../../src/pictures/retry-pace.ts'

describe('the pace at which a reader without room is checked', () => {
  test('is a tenth of the time that its pictures take, from 8 to 50 ms', () => {
    const pace = new RetryPace()
    expect(pace.waits(1000)).toEqual({ pauseMs: 8, hasMoved: true })
    for (const [tookMs, pauseMs] of [
      [10, 8],
      [230, 23],
      [5000, 50],
    ] as const) {
      pace.arrived(tookMs)
      expect(pace.waits(1000).pauseMs).toBe(pauseMs)
    }
  })

  test('slows down to twice a second while nothing moves, and is back at once when something does', () => {
    const pace = new RetryPace()
    const pauses: number[] = []
    for (let check = 0; check < 40; check++) pauses.push(pace.waits(70_000).pauseMs)
    expect(pauses).toEqual(pauses.toSorted((one, other) => one - other))
    // In the 20 s until it is dropped, it is checked some fifty times, not two thousand.
    expect(pauses.filter((pauseMs) => pauseMs < 500).length).toBeLessThan(15)
    expect(pauses.at(-1)).toBe(500)
    expect(pace.waits(69_000)).toEqual({ pauseMs: 50, hasMoved: true })
    pace.arrived(80)
    expect(pace.waits(0).pauseMs).toBe(8)
  })
})
