import { describe, expect, test } from '@jest/globals'
import { PlayoutClock } from '../../../assets/sound/playout-clock.js'
import { ServerClock } from '../../../assets/sound/server-clock.js'

/** The page's own time is 1000 s behind the server's seconds since the epoch, whichever those are. */
const OFFSET_S = 1000

function knownClock(): ServerClock {
  const clock = new ServerClock()
  clock.answer(100_000, OFFSET_S + 100.005, 100_010)
  return clock
}

describe("the server's clock", () => {
  test('is unknown until an answer came', () => {
    const clock = new ServerClock()
    expect(clock.isKnown).toBe(false)
    expect(clock.answer(0, 5, 10)).toBe(true)
    expect(clock.isKnown).toBe(true)
    expect(clock.answer(20, 5.02, 30)).toBe(false)
  })

  test('is that of the middle of the way there and back', () => {
    const clock = knownClock()
    expect(clock.pageMs(OFFSET_S + 200)).toBeCloseTo(200_000)
    expect(clock.timeAt(200_000)).toBeCloseTo(OFFSET_S + 200)
    expect(clock.uncertaintyMs).toBe(5)
  })

  test('is taken from the quickest answers, but follows a clock that drifts', () => {
    const clock = knownClock()
    clock.answer(200_000, OFFSET_S + 200.3, 200_400)
    expect(clock.pageMs(OFFSET_S + 200)).toBeCloseTo(200_000)
    clock.answer(300_000, OFFSET_S + 300.025, 300_012)
    expect(clock.pageMs(OFFSET_S + 300.019)).toBeCloseTo(300_000)
  })

  test('takes any answer once it was doubted', () => {
    const clock = knownClock()
    clock.doubt()
    expect(clock.isKnown).toBe(true)
    clock.answer(200_000, 7, 204_000)
    expect(clock.pageMs(7)).toBeCloseTo(202_000)
  })
})

/** Lets pictures and sounds arrive for some seconds, each so many milliseconds after its time. */
class Arrivals {
  nowMs = 200_000
  readonly playout: PlayoutClock
  constructor(playout = new PlayoutClock(knownClock(), 150)) {
    this.playout = playout
  }

  /** @param skew - Seconds by which the publisher's clock is ahead. */
  go(seconds: number, transitOf: (kind: 'audio' | 'video', step: number) => number, skew = 0): void {
    const steps = seconds * 50
    for (let step = 0; step < steps; step++) {
      this.nowMs += 20
      const arrive = (kind: 'audio' | 'video', spareMs: number): void => {
        const time = OFFSET_S + skew + (this.nowMs - transitOf(kind, step)) / 1000
        this.playout.arrived(kind, time, spareMs, this.nowMs)
      }
      arrive('audio', 30)
      if (step % 2 === 0) arrive('video', 8)
    }
  }
}

describe('when pictures and sounds are due', () => {
  test('is their time plus the delay', () => {
    const { playout } = new Arrivals()
    expect(playout.dueMs(OFFSET_S + 300)).toBeCloseTo(300_150)
    expect(playout.timeDueAt(300_150)).toBeCloseTo(OFFSET_S + 300)
  })

  test('stays so where they come in time, however unevenly', () => {
    const arrivals = new Arrivals()
    arrivals.go(60, (_, step) => 5 + ((step * 37) % 100))
    expect(arrivals.playout.lagMs).toBe(150)
    expect(arrivals.playout.skewMs).toBe(0)
  })

  test('is later for both where one of them needs longer to come', () => {
    const arrivals = new Arrivals()
    arrivals.go(5, (kind) => (kind === 'video' ? 400 : 20))
    expect(arrivals.playout.lagMs).toBeCloseTo(428)
    expect(arrivals.playout.dueMs(OFFSET_S + 300)).toBeCloseTo(300_428)
  })

  test('comes nearer again slowly, or at once where it is far, when all of them come soon', () => {
    const arrivals = new Arrivals()
    arrivals.go(5, () => 200)
    expect(arrivals.playout.lagMs).toBeCloseTo(250)
    arrivals.go(9, () => 20)
    expect(arrivals.playout.lagMs).toBeCloseTo(250)
    arrivals.go(15, () => 20)
    expect(arrivals.playout.lagMs).toBeLessThan(230)
    expect(arrivals.playout.lagMs).toBeGreaterThan(150)
    arrivals.go(5, () => 900)
    arrivals.go(20, () => 20)
    expect(arrivals.playout.lagMs).toBe(150)
  })

  test('is not moved by few that are late, nor by what is sent late after a pause', () => {
    const arrivals = new Arrivals()
    arrivals.go(20, (_, step) => (step % 40 === 0 ? 600 : 10))
    arrivals.go(2, (_, step) => (step < 30 ? 6000 - step * 20 : 10))
    arrivals.go(5, () => 10)
    expect(arrivals.playout.lagMs).toBe(150)
    expect(arrivals.playout.skewMs).toBe(0)
  })

  test('is never later than two seconds', () => {
    const arrivals = new Arrivals(new PlayoutClock(knownClock(), 1900))
    arrivals.go(5, () => 990)
    expect(arrivals.playout.lagMs).toBe(1900)
    arrivals.go(5, (kind) => (kind === 'video' ? 1990 : 995))
    expect(arrivals.playout.lagMs).toBe(2000)
  })

  test.each([3600, -3600, 0.2])('is measured from the quickest where the publisher is %d s ahead', (skew) => {
    const arrivals = new Arrivals()
    arrivals.go(3, (_, step) => 10 + (step % 5), skew)
    const dueMs = arrivals.playout.dueMs(OFFSET_S + skew + 300)
    expect(dueMs).toBeGreaterThan(300_150)
    expect(dueMs).toBeLessThan(300_170)
  })

  test('follows a clock that is set', () => {
    const arrivals = new Arrivals()
    arrivals.go(5, () => 10)
    arrivals.go(6, () => 10, -30)
    expect(arrivals.playout.dueMs(OFFSET_S - 30 + 300)).toBeCloseTo(300_160)
    arrivals.go(6, () => 10)
    expect(arrivals.playout.dueMs(OFFSET_S + 300)).toBeCloseTo(300_150)
  })

  test("is nothing that can be told without the server's clock", () => {
    const playout = new PlayoutClock(new ServerClock(), 150)
    expect(playout.isReady).toBe(false)
    for (let at = 0; at < 100; at++) playout.arrived('audio', 1, 0, at * 20)
    expect(playout.lagMs).toBe(150)
  })
})
