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
  #originMs: number | undefined
  #lastMs = -1

  /** @param time - Seconds since the Unix epoch. @returns An integer above the one before. */
  timestampMs(time: number): number {
    const timeMs = time * 1000
    this.#originMs ??= timeMs
    const aheadMs = timeMs - this.#originMs - this.#lastMs
    if (aheadMs < -MOST_DISORDER_MS || aheadMs > LONGEST_GAP_MS) this.#originMs = timeMs - this.#lastMs - 1
    this.#lastMs = Math.max(this.#lastMs + 1, Math.round(timeMs - this.#originMs))
    return this.#lastMs
  }
}
