import { SYSTEM_CLOCK, type TickerClock } from '@zcast/shared/internal'

/** Later than this, what was missed is not made up for: the pace starts again. */
const MAX_LATE_MS = 1000
/** The system's clock, read twice, agrees within a millisecond. */
const WALL_CLOCK_TOLERANCE_S = 0.005

/**
 * The place in a recording that is due now. It is always counted from one anchor, never from value to value, so that the
 * pace is right over hours. A position is a time of the recording, in seconds since the Unix epoch.
 */
export class PlaybackClock {
  readonly #clock: TickerClock
  #anchor: number
  #anchorMs: number
  #speed: number
  #isRunning = false
  #wallOffset = 0

  /** Stands still at a position. */
  constructor(position: number, speed: number, clock: TickerClock = SYSTEM_CLOCK) {
    this.#clock = clock
    this.#anchor = position
    this.#anchorMs = clock.monotonicMs()
    this.#speed = speed
  }

  /** How many times faster than it was recorded; `Infinity` does not wait. */
  get speed(): number {
    return this.#speed
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Where it is now; at infinite speed where it was moved to last. */
  get position(): number {
    if (!this.#isRunning || !Number.isFinite(this.#speed)) return this.#anchor
    return this.#anchor + ((this.#clock.monotonicMs() - this.#anchorMs) / 1000) * this.#speed
  }

  start(): void {
    this.moveTo(this.position)
    this.#isRunning = true
  }

  stop(): void {
    this.moveTo(this.position)
    this.#isRunning = false
  }

  /** Goes on from where it is. */
  setSpeed(speed: number): void {
    this.moveTo(this.position)
    this.#speed = speed
  }

  /** Is at a position now. */
  moveTo(position: number): void {
    this.#anchor = position
    this.#anchorMs = this.#clock.monotonicMs()
  }

  /** Is at another position when it is at this one; nothing is lost by coming late. */
  jump(at: number, to: number): void {
    const isPaced = this.#isRunning && Number.isFinite(this.#speed)
    this.#anchorMs = isPaced ? this.#dueMs(at) : this.#clock.monotonicMs()
    this.#anchor = to
  }

  /** Milliseconds until a position is due; 0 when it is late. Goes on from there when it is more than a second late. */
  leftMs(position: number): number {
    const leftMs = this.#dueMs(position) - this.#clock.monotonicMs()
    if (leftMs < -MAX_LATE_MS) this.moveTo(position)
    return Math.max(leftMs, 0)
  }

  /** Seconds since the Unix epoch at which a position is due; now, where it does not run or does not wait. */
  wallTimeOf(position: number): number {
    if (!this.#isRunning || !Number.isFinite(this.#speed)) return this.#clock.wallSeconds()
    // A constant distance, so that values are as far apart as they were.
    const offset = this.#clock.wallSeconds() - this.#clock.monotonicMs() / 1000
    if (Math.abs(offset - this.#wallOffset) > WALL_CLOCK_TOLERANCE_S) this.#wallOffset = offset
    return this.#dueMs(position) / 1000 + this.#wallOffset
  }

  /** Waits; ends early when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return this.#clock.sleep(milliseconds, signal)
  }

  #dueMs(position: number): number {
    return this.#anchorMs + ((position - this.#anchor) / this.#speed) * 1000
  }
}
