import type { PlaybackClock } from './playback-clock.ts'

/** Timers count in whole milliseconds: the nearest one. */
const EARLY_MS = 0.5
const LONGEST_SLEEP_MS = 2_147_483_647
/** While nothing waits, the event loop turns this often. */
const LONGEST_RUN_MS = 10

/** What playing waits for: that a value is due, or that something is asked for meanwhile. */
export class PlaybackWait {
  readonly #clock: PlaybackClock
  /** Aborted when something was asked for, so that what waits looks again. */
  #change = new AbortController()
  #lastTurnMs = 0
  /** True when reading must begin anew: elsewhere, or with other topics. */
  isMoved = false
  /** Steps that are asked for, and are not waited for. */
  steps = 0

  constructor(clock: PlaybackClock) {
    this.#clock = clock
  }

  /** Says that something is asked for. */
  tell(isMoved = false): void {
    this.isMoved ||= isMoved
    this.#change.abort()
  }

  /** True when it does not wait between values. */
  get isFast(): boolean {
    return this.#clock.speed === Infinity && this.#clock.isRunning
  }

  /** True where nothing need be waited for, nor looked after. */
  isDue(signal: AbortSignal): boolean {
    const isPlain = this.isFast && !this.isMoved && !signal.aborted
    return isPlain && performance.now() - this.#lastTurnMs <= LONGEST_RUN_MS
  }

  /** Waits for what was recorded at a moment. @returns False when something else is to be done first. */
  async untilDue(recordedAt: number, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (this.isMoved || signal.aborted) return false
      if (this.steps > 0) return true
      const leftMs = this.#clock.isRunning ? this.#clock.leftMs(recordedAt) : Infinity
      if (leftMs <= EARLY_MS) break
      await this.#sleep(leftMs - EARLY_MS)
    }
    const nowMs = performance.now()
    if (nowMs - this.#lastTurnMs > LONGEST_RUN_MS) {
      await new Promise(setImmediate)
      this.#lastTurnMs = performance.now()
    }
    return !this.isMoved && !signal.aborted
  }

  /**
   * Waits for the end of a pass.
   *
   * @param isIdle - True when it is not over until something is asked for.
   * @returns False when something else is to be done first.
   */
  async untilOver(end: number, isIdle: () => boolean, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (this.isMoved || signal.aborted) return false
      if (this.steps > 0) return true
      const leftMs = this.#clock.isRunning && !isIdle() ? this.#clock.leftMs(end) : Infinity
      if (leftMs === 0) break
      await this.#sleep(leftMs)
    }
    await new Promise(setImmediate)
    return !this.isMoved
  }

  /** Waits, at the most until something is asked for. */
  async #sleep(milliseconds: number): Promise<void> {
    const { signal } = this.#change
    if (!signal.aborted) await this.#clock.sleep(Math.min(Math.ceil(milliseconds), LONGEST_SLEEP_MS), signal)
    this.#lastTurnMs = performance.now()
    if (signal.aborted) this.#change = new AbortController()
  }
}
