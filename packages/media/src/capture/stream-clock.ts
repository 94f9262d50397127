/** What is looked at to tell how much later than its time in the stream something comes. */
const MOST_SEEN = 128
/** What is read at the begin comes in a burst: it is over once so many pictures came about as slowly as they play. */
const LEAST_SEEN = 8
const LEAST_PACE = 0.7
/** The longest wait for the end of that burst. */
const LONGEST_BURST_SECONDS = 2
/** Further off than this, the stream stood still or began anew; less is corrected with each picture, by so much. */
const JUMP_SECONDS = 0.3
const CORRECTION_SECONDS = 0.0002

interface Arrival {
  readonly streamTime: number
  readonly now: number
}

/** Relates the times in a live stream to this machine's clock, without the unevenness of the network. */
export class StreamClock {
  readonly #seen: Arrival[] = []
  #beganAt: number | undefined
  #offset: number | undefined

  /**
   * A picture has come.
   *
   * @param streamTime - Its time in the stream, in seconds.
   * @param now - Seconds since the Unix epoch.
   */
  see(streamTime: number, now: number): void {
    this.#beganAt ??= now
    this.#seen.push({ streamTime, now })
    if (this.#seen.length > MOST_SEEN) this.#seen.shift()
    if (this.#offset === undefined) {
      if (this.#isInBurst(now - this.#beganAt)) return
      // Those of the burst tell nothing.
      this.#seen.splice(0, Math.max(0, this.#seen.length - LEAST_SEEN))
    }
    const measured = this.#measure()
    const off = measured - (this.#offset ?? measured)
    const isJump = this.#offset === undefined || Math.abs(off) > JUMP_SECONDS
    this.#offset = isJump
      ? measured
      : (this.#offset ?? 0) + Math.max(-CORRECTION_SECONDS, Math.min(CORRECTION_SECONDS, off))
  }

  /** When something of the stream is due, in seconds since the Unix epoch; `undefined` while that is not known. */
  dueAt(streamTime: number): number | undefined {
    return this.#offset === undefined ? undefined : streamTime + this.#offset
  }

  #isInBurst(seconds: number): boolean {
    if (seconds > LONGEST_BURST_SECONDS) return false
    const [last, first] = [this.#seen.at(-1), this.#seen.at(-LEAST_SEEN)]
    return !last || !first || last.now - first.now < LEAST_PACE * (last.streamTime - first.streamTime)
  }

  /** What was held up on its way came late, and nothing ever comes early. */
  #measure(): number {
    const offsets = this.#seen.map(({ streamTime, now }) => now - streamTime).sort((a, b) => a - b)
    return offsets[Math.floor(offsets.length / 4)] as number
  }
}
