/**
 * How much further a publisher's clock may go than ours in the same time, in milliseconds, before it counts as set. A
 * network that stops and then delivers all at once is far below.
 */
const MOST_DIFFERENCE_MS = 10_000
/** A step back of at most this is two frames out of order; a longer one is a clock that was set. */
const MOST_DISORDER_MS = 1000

/**
 * Turns frames' times into timestamps of a recording: milliseconds since its first frame, always rising.
 *
 * A gap stays a gap of the same length. Where the publisher's clock was set (it steps back by over a second, or forward
 * by over 10 s more than has passed here), the recording goes on by the time that has passed here, and keeps the
 * distances from there. Frames out of order, or two within one millisecond, are a millisecond apart.
 */
export class FrameClock {
  /** Where the recording's time and the publisher's were last laid upon each other. */
  #anchor: { readonly timeMs: number; readonly timestampMs: number } | undefined
  #lastMs = -1
  #cameAtMs = 0

  /**
   * @param time - Seconds since the Unix epoch, by the publisher's clock.
   * @param nowMs - When the frame came, in milliseconds of a clock that is never set. Default: now.
   * @returns An integer above the one before.
   */
  timestampMs(time: number, nowMs = performance.now()): number {
    const timeMs = time * 1000
    const passedMs = this.#anchor ? nowMs - this.#cameAtMs : 0
    this.#cameAtMs = nowMs
    this.#anchor ??= { timeMs, timestampMs: 0 }
    let timestampMs = this.#anchor.timestampMs + Math.round(timeMs - this.#anchor.timeMs)
    const aheadMs = timestampMs - this.#lastMs
    // Written so that a time which is no number, as the product of a huge one, sets the clock as well.
    if (!(aheadMs >= -MOST_DISORDER_MS && aheadMs <= passedMs + MOST_DIFFERENCE_MS)) {
      timestampMs = this.#lastMs + Math.max(1, Math.round(passedMs))
      this.#anchor = { timeMs, timestampMs }
    }
    this.#lastMs = Math.max(this.#lastMs + 1, timestampMs)
    return this.#lastMs
  }
}
