import { pause } from './pause.ts'
import { wallClock } from './wall-clock.ts'

/** The clocks of what keeps a pace; replaced in tests. */
export interface TickerClock {
  /** Milliseconds that only ever increase, from any origin. */
  monotonicMs(): number
  /** Seconds since the Unix epoch. */
  wallSeconds(): number
  /** Waits; ends early when the signal aborts, never rejects. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void>
}

/** Options of a {@link Ticker}. */
export interface TickerOptions {
  /** The delay before the first value is due, counted from the first call. Milliseconds; default 0. */
  readonly delayMs?: number
  /** A consumer later than this does not catch up: the pace starts again. Milliseconds; default 1000. */
  readonly maxLateMs?: number
  /** Default: the system's clocks. */
  readonly clock?: TickerClock
}

// setTimeout holds at most 24 days; a longer wait is made of several.
const LONGEST_SLEEP_MS = 2_147_483_647
// A loop that is behind never waits for a timer; it still yields to the event loop this often.
const LONGEST_RUN_MS = 10
// Node's timers count in whole milliseconds. Waking at the nearest one makes a picture 0.4 ms late on average, half a
// millisecond less than at the next; blocking the thread for the rest costs 0.1 ms of CPU each time (measured).
const EARLY_MS = 0.5
const LEAST_INTERVAL_TO_BE_EARLY_MS = 16
// At high rates, waits for the next millisecond add up: 0.6 ms at the median at 1000 a second with 0.1.
const TIMER_TOLERANCE_MS = 0.25
// wallClock() agrees with the system's clock within a millisecond, so a smaller difference is not significant.
const WALL_CLOCK_TOLERANCE_S = 0.005

/**
 * Paces a stream: value `n` is due at `start + n / rate`, never at a fixed time after the previous one, so that the
 * rate is right over hours, however late single values are. Small delays are caught up; a delay of more than
 * `maxLateMs` (the machine slept, the process was stopped) is forgotten rather than made up for by a burst.
 *
 * Due times are on the monotonic clock, and given as wall-clock times `1 / rate` apart, except where the system's clock
 * was corrected by more than 5 ms.
 */
export class Ticker {
  readonly #intervalMs: number
  readonly #delayMs: number
  readonly #maxLateMs: number
  readonly #clock: TickerClock
  #startMs: number | undefined
  #count = 0
  #wallOffset = 0
  #scheduled: number | undefined
  #lastTurnMs = 0

  /** @param rate - Values per second; above 0, may be a fraction such as `30000 / 1001`. */
  constructor(rate: number, options: TickerOptions = {}) {
    this.#intervalMs = 1000 / rate
    this.#delayMs = options.delayMs ?? 0
    this.#maxLateMs = options.maxLateMs ?? 1000
    this.#clock = options.clock ?? SYSTEM_CLOCK
  }

  /**
   * Fixes the time of the next value without waiting for it, for a source that makes the value in advance. Repeated
   * calls return the same time until {@link next} has waited for it.
   *
   * @returns Seconds since the Unix epoch.
   */
  schedule(): number {
    if (this.#scheduled !== undefined) return this.#scheduled
    const nowMs = this.#clock.monotonicMs()
    this.#startMs ??= nowMs + this.#delayMs
    if (nowMs - this.#dueMs() > this.#maxLateMs) {
      this.#startMs = nowMs
      this.#count = 0
    }
    const offset = this.#clock.wallSeconds() - nowMs / 1000
    if (Math.abs(offset - this.#wallOffset) > WALL_CLOCK_TOLERANCE_S) this.#wallOffset = offset
    this.#scheduled = this.#dueMs() / 1000 + this.#wallOffset
    return this.#scheduled
  }

  /**
   * Sets the distance to the next value when it does not follow at the ticker's rate: it is due this long after the
   * previous one, and the following ones are counted from it. Call it before the value is scheduled.
   *
   * @param seconds - 0 or more.
   */
  hold(seconds: number): void {
    this.#startMs = this.#dueMs() - this.#intervalMs + seconds * 1000
    this.#count = 0
  }

  /** Forgets the pace: the next value is due at once, and the following ones are counted from it. */
  restart(): void {
    this.#startMs = this.#clock.monotonicMs()
    this.#count = 0
    this.#scheduled = undefined
  }

  /**
   * Waits until the next value is due, or returns at once when it is late.
   *
   * Resolves at the nearest millisecond: at most 0.5 ms early, and on an idle machine up to 1 ms late. Above 60 values
   * per second, at most 0.25 ms early and up to 2 ms late.
   *
   * @returns The due time, in seconds since the Unix epoch; `undefined` when the signal aborted.
   */
  async next(signal?: AbortSignal): Promise<number | undefined> {
    const due = this.schedule()
    const dueMs = this.#dueMs()
    let nowMs = this.#clock.monotonicMs()
    if (dueMs <= nowMs && nowMs - this.#lastTurnMs > LONGEST_RUN_MS) {
      this.#lastTurnMs = nowMs
      await new Promise(setImmediate)
    }
    const earlyMs = this.#intervalMs >= LEAST_INTERVAL_TO_BE_EARLY_MS ? EARLY_MS : TIMER_TOLERANCE_MS
    while (dueMs - nowMs > earlyMs) {
      if (signal?.aborted) return undefined
      // Without rounding up, timers would fire up to 1.3 ms early (measured).
      await this.#clock.sleep(Math.min(Math.ceil(dueMs - nowMs - earlyMs), LONGEST_SLEEP_MS), signal)
      nowMs = this.#clock.monotonicMs()
      this.#lastTurnMs = nowMs
    }
    if (signal?.aborted) return undefined
    this.#count++
    this.#scheduled = undefined
    return due
  }

  #dueMs(): number {
    return (this.#startMs ?? 0) + this.#count * this.#intervalMs
  }
}

/** The clocks of the system. */
export const SYSTEM_CLOCK: TickerClock = {
  monotonicMs: () => performance.now(),
  wallSeconds: wallClock,
  sleep: pause,
}
