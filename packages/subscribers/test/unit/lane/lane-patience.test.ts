import { describe, expect, test } from '@jest/globals'
import { LanePatience } from '../../../src/lane/lane-patience.ts'

/** Asks at a time, and tells how long all must be well until the lane is left. */
function stay(patience: LanePatience, fromMs: number): number {
  patience.asked(fromMs)
  let nowMs = fromMs
  while (!patience.heard(true, nowMs)) nowMs += 1000
  patience.left(nowMs)
  return nowMs - fromMs
}

describe('LanePatience', () => {
  test('a lane is left once all was well for ten seconds without a break', () => {
    const patience = new LanePatience()
    patience.asked(0)
    expect(patience.heard(true, 0)).toBe(false)
    expect(patience.heard(true, 9000)).toBe(false)
    expect(patience.heard(false, 9500)).toBe(false)
    expect(patience.heard(true, 10_000)).toBe(false)
    expect(patience.heard(true, 20_000)).toBe(true)
  })

  test('and for longer each time that this was too early', () => {
    const patience = new LanePatience()
    const stays: number[] = []
    let nowMs = 0
    for (let times = 0; times < 8; times++) {
      const stayedMs = stay(patience, nowMs)
      stays.push(stayedMs / 1000)
      nowMs += stayedMs + 5000
    }
    expect(stays).toEqual([10, 20, 40, 80, 160, 300, 300, 300])
    expect(stay(patience, nowMs + 60_000)).toBe(10_000)
  })

  test('who was refused asks ever more seldom', () => {
    const patience = new LanePatience()
    patience.refused(0)
    expect([patience.mayAsk(9999), patience.mayAsk(10_000)]).toEqual([false, true])
    patience.refused(10_000)
    expect([patience.mayAsk(29_999), patience.mayAsk(30_000)]).toEqual([false, true])
    patience.heard(true, 40_000)
    patience.refused(50_000)
    expect(patience.mayAsk(60_000)).toBe(true)
  })
})
