import { describe, expect, test } from '@jest/globals'
import { SampleClock } from '../../../../src/sources/audio/sample-clock.ts'

describe('the clock of samples', () => {
  test('gives pieces that come unevenly times that lie so far apart as they last', () => {
    const clock = new SampleClock(1000)
    const late = [0, 0.03, 0.01, 0.04, 0]
    const times = late.map((seconds, piece) => clock.firstOf(20, 100 + piece * 0.02 + seconds))
    for (const [piece, time] of times.entries())
      expect(Math.abs(time - (99.98 + piece * 0.02))).toBeLessThan(0.001)
  })

  test('follows a device whose clock is not exact', () => {
    const clock = new SampleClock(1000)
    let time = 0
    for (let piece = 0; piece < 50_000; piece++) time = clock.firstOf(20, 100 + piece * 0.020_002)
    expect(Math.abs(time - (99.98 + 49_999 * 0.020_002))).toBeLessThan(0.002)
  })

  test('begins anew after a gap', () => {
    const clock = new SampleClock(1000)
    clock.firstOf(20, 100)
    expect(clock.firstOf(20, 105)).toBeCloseTo(104.98, 6)
  })
})
