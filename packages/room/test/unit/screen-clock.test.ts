import { describe, expect, test } from '@jest/globals'
import { ScreenClock } from '../../src/screen/screen-clock.ts'

/** A clock whose time a test sets, 1000 s behind that of the wall. */
function clockAt(): { clock: ScreenClock; time: { now: number; ahead: number } } {
  const time = { now: 0, ahead: 1000 }
  return {
    time,
    clock: new ScreenClock(
      () => time.now,
      () => time.now + time.ahead,
    ),
  }
}

describe('the clock of the screen', () => {
  test('moves while it runs, and stands still at the place where it is stopped', () => {
    const { clock, time } = clockAt()
    clock.jump(5)
    time.now = 3
    expect(clock.position).toBe(5)
    clock.run()
    time.now = 4.5
    expect(clock.position).toBe(6.5)
    clock.stop()
    time.now = 100
    expect({ position: clock.position, isRunning: clock.isRunning }).toEqual({
      position: 6.5,
      isRunning: false,
    })
    clock.run()
    time.now = 101
    expect(clock.position).toBe(7.5)
  })

  test('says when a place is due, and nothing of one before which it stands still', () => {
    const { clock, time } = clockAt()
    clock.jump(5)
    expect({ before: clock.secondsUntil(6), there: clock.secondsUntil(5) }).toEqual({
      before: undefined,
      there: 0,
    })
    clock.run()
    time.now = 0.25
    expect(clock.secondsUntil(6)).toBe(0.75)
    expect(clock.timeOf(6)).toBe(1001)
    expect(clock.secondsUntil(5)).toBe(-0.25)
  })

  test('knows where it was a moment ago, and for how long that held', () => {
    const { clock, time } = clockAt()
    clock.jump(10)
    clock.run()
    time.now = 2
    clock.stop()
    time.now = 3
    clock.jump(50)
    time.now = 4
    clock.run()
    const { pass } = clock
    expect(clock.momentAt(1001)).toEqual({ pass: pass - 1, at: 11, seconds: 1 })
    expect(clock.momentAt(1002.5)).toEqual({ pass: pass - 1, at: 12, seconds: 0.5 })
    expect(clock.momentAt(1005)).toEqual({ pass, at: 51, seconds: Infinity })
  })

  test('does not move when the clock of the system is set', () => {
    const { clock, time } = clockAt()
    clock.run()
    time.now = 1
    time.ahead = 5000
    expect(clock.position).toBe(1)
    expect(clock.timeOf(2)).toBe(5002)
    expect(clock.momentAt(5001).at).toBe(1)
  })

  test('falls back for what is late, in the same pass, and tells whoever waits for it', () => {
    const { clock, time } = clockAt()
    clock.run()
    time.now = 8
    let changes = 0
    const stop = clock.onChange(() => changes++)
    const { pass } = clock
    clock.fallBack(5)
    time.now = 9
    expect({ position: clock.position, pass: clock.pass, changes }).toEqual({ position: 6, pass, changes: 1 })
    stop()
    clock.stop()
    expect(changes).toBe(1)
  })
})
