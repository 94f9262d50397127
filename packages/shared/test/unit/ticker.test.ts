import { describe, expect, test } from '@jest/globals'
import { Ticker, type TickerClock } from '../../src/lifecycle/ticker.ts'

/** A clock that stands still except while somebody sleeps. */
class FakeClock implements TickerClock {
  nowMs = 5000
  /** Wall clock minus monotonic clock, seconds. */
  offset = 1_000_000
  /** How late timers fire. */
  lateMs = 0
  readonly sleeps: number[] = []
  monotonicMs(): number {
    return this.nowMs
  }
  wallSeconds(): number {
    return this.nowMs / 1000 + this.offset
  }
  async sleep(milliseconds: number): Promise<void> {
    this.sleeps.push(milliseconds)
    this.nowMs += milliseconds + this.lateMs
  }
}

const START = 1_000_005

describe('Ticker', () => {
  test('the first value is due at once, or after the delay', async () => {
    const clock = new FakeClock()
    expect(await new Ticker(10, { clock }).next()).toBeCloseTo(START, 6)
    expect(await new Ticker(10, { clock, delayMs: 500 }).next()).toBeCloseTo(START + 0.5, 6)
  })

  test('value n is due at start + n / rate, however late timers fire', async () => {
    const clock = new FakeClock()
    clock.lateMs = 1.7
    const ticker = new Ticker(30_000 / 1001, { clock })
    let worst = 0
    for (let n = 0; n < 30_000; n++) {
      const due = (await ticker.next()) as number
      worst = Math.max(worst, Math.abs(due - (START + (n * 1001) / 30_000)))
    }
    expect(worst).toBeLessThan(0.000_005)
    expect(clock.nowMs - 5000).toBeLessThan((29_999 * 1001) / 30 + 3)
  })

  test('resolves at the millisecond nearest to its time, and values that come fast no more than 0.25 ms before it', async () => {
    const clock = new FakeClock()
    const late = async (rate: number): Promise<number[]> => {
      const ticker = new Ticker(rate, { clock })
      const lateness = []
      for (let n = 0; n < 100; n++) {
        const due = (await ticker.next()) as number
        lateness.push((clock.wallSeconds() - due) * 1000)
      }
      return lateness
    }
    const slow = await late(30)
    expect(Math.min(...slow)).toBeGreaterThan(-0.51)
    expect(Math.max(...slow)).toBeLessThan(0.51)
    const fast = await late(70)
    expect(Math.min(...fast)).toBeGreaterThan(-0.26)
    expect(Math.max(...fast)).toBeLessThan(1.01)
  })

  test('a little lateness is caught up: the following values keep their times', async () => {
    const clock = new FakeClock()
    const ticker = new Ticker(10, { clock })
    await ticker.next()
    clock.nowMs += 450
    const times = []
    for (let n = 0; n < 6; n++) times.push((((await ticker.next()) as number) - START).toFixed(3))
    expect(times).toEqual(['0.100', '0.200', '0.300', '0.400', '0.500', '0.600'])
    expect(clock.nowMs).toBeCloseTo(5600, 6)
  })

  test('after a stop longer than the bound the pace starts anew, without a burst', async () => {
    const clock = new FakeClock()
    const ticker = new Ticker(10, { clock })
    await ticker.next()
    clock.nowMs += 60_000
    expect(await ticker.next()).toBeCloseTo(START + 60, 6)
    expect(await ticker.next()).toBeCloseTo(START + 60.1, 6)
    expect(clock.sleeps).toEqual([100])
  })

  test('what schedule() announced is what next() waits for, and is kept until then', async () => {
    const clock = new FakeClock()
    const ticker = new Ticker(10, { clock })
    await ticker.next()
    const due = ticker.schedule()
    clock.nowMs += 5000
    expect(ticker.schedule()).toBe(due)
    expect(await ticker.next()).toBe(due)
    expect(ticker.schedule()).toBeCloseTo(START + 5, 6)
  })

  test('follows a correction of the system clock, and ignores its noise', async () => {
    const clock = new FakeClock()
    const ticker = new Ticker(10, { clock })
    await ticker.next()
    clock.offset += 0.003
    expect(await ticker.next()).toBeCloseTo(START + 0.1, 6)
    clock.offset += 3600
    expect(await ticker.next()).toBeCloseTo(START + 0.2 + 3600.003, 6)
  })

  test('an interval longer than a timer can hold is waited for in parts', async () => {
    const clock = new FakeClock()
    const ticker = new Ticker(1 / (40 * 86_400), { clock })
    await ticker.next()
    await ticker.next()
    expect(clock.sleeps).toEqual([2_147_483_647, 40 * 86_400_000 - 2_147_483_647])
  })

  test('aborting ends the wait with undefined', async () => {
    const controller = new AbortController()
    const ticker = new Ticker(0.001)
    expect(await ticker.next(controller.signal)).toBeGreaterThan(0)
    const waiting = ticker.next(controller.signal)
    controller.abort()
    expect(await waiting).toBeUndefined()
    expect(await ticker.next(controller.signal)).toBeUndefined()
  })

  test('a loop that cannot keep up still lets the event loop turn', async () => {
    const clock = new FakeClock()
    const ticker = new Ticker(1_000_000, { clock })
    const loop = { turned: false }
    setImmediate(() => (loop.turned = true))
    while (!loop.turned) {
      await ticker.next()
      clock.nowMs += 1
    }
    expect(clock.sleeps).toEqual([])
  })
})
