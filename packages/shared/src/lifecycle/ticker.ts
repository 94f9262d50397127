import { pause } from './pause.ts'
import { wallClock } from './wall-clock.ts'

/** What a {@link Ticker} reads the time from; replaced in tests. */
export interface TickerClock {
  /** Milliseconds that only ever move forward, from any origin. */
  monotonicMs(): number
  /** Seconds since the Unix epoch. */
  wallSeconds(): number
  /** Waits; ends early when the signal aborts, never rejects. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void>
}

/** Options of a {@link Ticker}. */
export interface TickerOptions {
  /** How long before the first value is due, counted from the first call. Milliseconds; default 0. */
  readonly delayMs?: number
  /** A consumer later than this is not made to catch up: the pace starts anew. Milliseconds; default 1000. */
  readonly maxLateMs?: number
  /** Default: the system's clocks. */
  readonly clock?: TickerClock
}

// 24 days is the most setTimeout holds; a longer wait is made of several.
const LONGEST_SLEEP_MS = 2_147_483_647
// A loop that is behind never waits for a timer; this often it lets the event loop turn all the same.
const LONGEST_RUN_MS = 10
// Node's timers count in whole milliseconds. To wake up at the nearest one makes a picture 0.4 ms late on average, half a
// millisecond less than at the next; to stop the thread for the rest cost 0.1 ms of CPU each time (measured).
const EARLY_MS = 0.5
const LEAST_INTERVAL_TO_BE_EARLY_MS = 16
// Where values follow fast, what waits for the next millisecond adds up: 0.6 ms at the median at 1000 a second with 0.1.
const TIMER_TOLERANCE_MS = 0.25
// wallClock() agrees with the system's clock within a millisecond, so a smaller difference says nothing.
const WALL_CLOCK_TOLERANCE_S = 0.005

/**
 * Paces a stream: the value `n` is due at `start + n / rate`, never "so long after the one before", so that the rate
 * is right over hours, however late single values are. A little lateness is caught up; more than `maxLateMs` (the
 * machine slept, the process was stopped) is forgotten, rather than made up for by a burst.
 *
 * Due times are on the monotonic clock, and given as wall-clock times that lie `1 / rate` apart, except where the
 * system's clock was corrected by more than 5 ms.
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

  /** @param rate - Values a second; above 0, may be a fraction such as `30000 / 1001`. */
  constructor(rate: number, options: TickerOptions = {}) {
    this.#intervalMs = 1000 / rate
    this.#delayMs = options.delayMs ?? 0
    this.#maxLateMs = options.maxLateMs ?? 1000
    this.#clock = options.clock ?? SYSTEM_CLOCK
  }

  /**
   * Fixes when the next value is due, without waiting for it: for a source that makes the value ahead of time.
   * The same until {@link next} has waited for it.
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
   * For a value that does not follow at the ticker's rate: the next one is due so long after the one before, and the
   * following ones are counted from it. To be called before it is scheduled.
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
   * Waits until the next value is due; at once where it is late already.
   *
   * Resolves at the millisecond that is nearest: 0.5 ms before its time at the most, and on an idle machine up to 1 ms
   * after it. For more than 60 values a second no more than 0.25 ms before, and up to 2 ms after.
   *
   * @returns When it was due, in seconds since the Unix epoch; `undefined` when the signal aborted.
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
      // Without rounding up they would fire up to 1.3 ms early (measured).
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

const SYSTEM_CLOCK: TickerClock = {
  monotonicMs: () => performance.now(),
  wallSeconds: wallClock,
  sleep: pause,
}
