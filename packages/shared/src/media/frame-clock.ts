/** A step back of at most this is two frames out of order; a longer one is a clock that was set. */
const MOST_DISORDER_MS = 1000
/** A gap of more than a day is a clock that was set as well. */
const LONGEST_GAP_MS = 24 * 60 * 60 * 1000

/**
 * Turns frames' times into timestamps of a recording: milliseconds since its first frame, always rising.
 *
 * A gap stays a gap of the same length. Where the publisher's clock was set (a step back of over a second, or forward
 * of over a day), the recording goes on a millisecond later and keeps the distances from there. Frames out of order,
 * or two within one millisecond, are a millisecond apart.
 */
export class FrameClock {
  /** Where the recording's time and the publisher's were last laid upon each other. */
  #anchor: { readonly timeMs: number; readonly timestampMs: number } | undefined
  #lastMs = -1

  /** @param time - Seconds since the Unix epoch. @returns An integer above the one before. */
  timestampMs(time: number): number {
    const timeMs = time * 1000
    this.#anchor ??= { timeMs, timestampMs: 0 }
    let timestampMs = this.#anchor.timestampMs + Math.round(timeMs - this.#anchor.timeMs)
    const aheadMs = timestampMs - this.#lastMs
    // Written so that a time which is no number, as the product of a huge one, sets the clock as well.
    if (!(aheadMs >= -MOST_DISORDER_MS && aheadMs <= LONGEST_GAP_MS)) {
      timestampMs = this.#lastMs + 1
      this.#anchor = { timeMs, timestampMs }
    }
    this.#lastMs = Math.max(this.#lastMs + 1, timestampMs)
    return this.#lastMs
  }
}
