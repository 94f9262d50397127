/**
 * The largest lead of a publisher's clock over ours, in milliseconds, before it counts as having been set. A network
 * that stalls and then delivers everything at once stays far below.
 */
const MOST_DIFFERENCE_MS = 10_000
/** A step back of at most this is two frames out of order; a longer one means that the clock was set. */
const MOST_DISORDER_MS = 1000

/**
 * Converts frames' times to timestamps of a recording: milliseconds since its first frame, always rising.
 *
 * A gap stays a gap of the same length. When the publisher's clock was set (it steps back by over a second, or forward
 * by over 10 s more than has passed here), the recording continues by the time that has passed here, and keeps the
 * intervals from there. Frames out of order, or two within one millisecond, are placed a millisecond apart.
 */
export class FrameClock {
  /** The moment at which the recording's time and the publisher's were last aligned. */
  #anchor: { readonly timeMs: number; readonly timestampMs: number } | undefined
  #lastMs = -1
  #cameAtMs = 0

  /**
   * @param time - Seconds since the Unix epoch, by the publisher's clock.
   * @param nowMs - The time of arrival, in milliseconds of a monotonic clock. Default: now.
   * @returns An integer greater than the previous one.
   */
  timestampMs(time: number, nowMs = performance.now()): number {
    const timeMs = time * 1000
    const passedMs = this.#anchor ? nowMs - this.#cameAtMs : 0
    this.#cameAtMs = nowMs
    this.#anchor ??= { timeMs, timestampMs: 0 }
    let timestampMs = this.#anchor.timestampMs + Math.round(timeMs - this.#anchor.timeMs)
    const aheadMs = timestampMs - this.#lastMs
    // Written so that a time that is not a number, such as the product of a huge one, also counts as a set clock.
    if (!(aheadMs >= -MOST_DISORDER_MS && aheadMs <= passedMs + MOST_DIFFERENCE_MS)) {
      timestampMs = this.#lastMs + Math.max(1, Math.round(passedMs))
      this.#anchor = { timeMs, timestampMs }
    }
    this.#lastMs = Math.max(this.#lastMs + 1, timestampMs)
    return this.#lastMs
  }

  /**
   * Where something else of the same publisher belongs, such as sound.
   *
   * @param time - Seconds since the Unix epoch, by the publisher's clock.
   * @returns Milliseconds since the first frame, below 0 for what was before; `undefined` before there is a frame, and
   *   for a time that is not by the clock of the frames.
   */
  placeMs(time: number, nowMs = performance.now()): number | undefined {
    if (!this.#anchor) return undefined
    const placeMs = this.#anchor.timestampMs + (time * 1000 - this.#anchor.timeMs)
    const passedMs = nowMs - this.#cameAtMs
    const aheadMs = placeMs - this.#lastMs
    return aheadMs >= -MOST_DIFFERENCE_MS && aheadMs <= passedMs + MOST_DIFFERENCE_MS ? placeMs : undefined
  }
}
