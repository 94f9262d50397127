/** A difference between two clocks, in milliseconds. */
export interface ClockOffset {
  /** The publisher's clock minus the one here. */
  readonly ms: number
  /** It is that, plus or minus this. */
  readonly errorMs: number
}

interface Reading extends ClockOffset {
  readonly atMs: number
}

/** A reading is used for this long: clocks drift apart by some 50 us a second. */
const FRESH_MS = 60_000

/** Readings kept; the oldest is dropped. */
const MAX_READINGS = 32

/**
 * How far a publisher's clock is from the one here, by questions that it answered with its time. That time lies between
 * question and answer, which is certain; that it lies in the middle is a guess, and so half the way there and back is the
 * error. The reading with the shortest way is used.
 */
export class ClockOffsets {
  readonly #readings: Reading[] = []

  /**
   * Takes an answer.
   *
   * @param askedTime - When it was asked, by the clock here, in seconds since the Unix epoch.
   * @param theirTime - When it was answered, by the clock there.
   * @param answeredTime - When the answer came, by the clock here.
   * @param atMs - The same, as a monotonic time.
   */
  add(askedTime: number, theirTime: number, answeredTime: number, atMs: number): void {
    const ms = (theirTime - (askedTime + answeredTime) / 2) * 1000
    const errorMs = ((answeredTime - askedTime) * 1000) / 2
    // The clock here was set meanwhile.
    if (errorMs < 0) return
    this.#readings.push({ ms, errorMs, atMs })
    if (this.#readings.length > MAX_READINGS) this.#readings.shift()
  }

  /** The best reading of late; `undefined` when there is none. */
  read(nowMs: number): ClockOffset | undefined {
    let best: Reading | undefined
    for (const reading of this.#readings)
      if (nowMs - reading.atMs <= FRESH_MS && !(best && best.errorMs <= reading.errorMs)) best = reading
    return best && { ms: best.ms, errorMs: best.errorMs }
  }
}
