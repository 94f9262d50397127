import { wallClock } from './wall-clock.ts'

/** What a {@link Ticker} reads the time from; replaced in tests. */
export interface TickerClock {
  /** Milliseconds that only ever move forward, from any origin. */
  monotonicMs(): number
  /** Seconds since the Unix epoch. */
  wallSeconds(): number
  /** Waits; ends early when the signal aborts, never rejects. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void>
  /** Stops the thread for a moment, to a tenth of a millisecond. Default: a ticker sleeps as exactly as timers go. */
  stop?(milliseconds: number): void
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
// The last two milliseconds before a value is due the thread stops, without using CPU: Node's timers count in whole
// milliseconds, which alone made a picture 1 ms late on average, as long as all the rest of its way (measured). Values
// that come more often than this may be late instead, so that the event loop is free nine tenths of the time.
const STOP_MS = 2
const LEAST_INTERVAL_TO_STOP_MS = 16
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

  /** Forgets the pace: the next value is due at once, and the following ones are counted from it. */
  restart(): void {
    this.#startMs = this.#clock.monotonicMs()
    this.#count = 0
    this.#scheduled = undefined
  }

  /**
   * Waits until the next value is due; at once where it is late already.
   *
   * Never resolves before its time by more than the 0.1 ms in which Node's timers may differ from the clock. On an idle
   * machine up to 0.3 ms after it, or up to 2 ms for more than 60 values a second.
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
    while (dueMs - nowMs > 0.1) {
      if (signal?.aborted) return undefined
      await this.#wait(dueMs - nowMs, signal)
      nowMs = this.#clock.monotonicMs()
      this.#lastTurnMs = nowMs
    }
    if (signal?.aborted) return undefined
    this.#count++
    this.#scheduled = undefined
    return due
  }

  async #wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const stops = this.#clock.stop !== undefined && this.#intervalMs >= LEAST_INTERVAL_TO_STOP_MS
    if (stops && milliseconds <= STOP_MS) return this.#clock.stop?.(milliseconds)
    // Node's timers cut off fractions, and would fire up to 1.3 ms early (measured) without rounding up.
    const sleep = stops ? Math.max(Math.floor(milliseconds - 1), 1) : Math.ceil(milliseconds)
    await this.#clock.sleep(Math.min(sleep, LONGEST_SLEEP_MS), signal)
  }

  #dueMs(): number {
    return (this.#startMs ?? 0) + this.#count * this.#intervalMs
  }
}

const NEVER = new Int32Array(new SharedArrayBuffer(4))

const SYSTEM_CLOCK: TickerClock = {
  monotonicMs: () => performance.now(),
  wallSeconds: wallClock,
  stop: (milliseconds) => void Atomics.wait(NEVER, 0, 0, milliseconds),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      if (signal?.aborted) done()
      else signal?.addEventListener('abort', done)
    }),
}
