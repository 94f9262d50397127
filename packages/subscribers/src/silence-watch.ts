/** How many of its usual intervals a slow stream may be silent. */
const INTERVALS = 3

/** How often it looks, within the time it waits for. */
const LOOKS = 5

/** How much a new interval counts against the ones before. */
const WEIGHT = 0.2

/**
 * Notices that a stream has fallen silent: nothing for longer than a given time, or than three of its own usual
 * intervals where these are longer. A stream that sends a value every 10 s is not silent in between.
 */
export class SilenceWatch {
  readonly #leastMs: number
  readonly #timer: NodeJS.Timeout
  #heardAtMs = performance.now()
  #intervalMs = 0
  #heard = 0

  /**
   * @param leastMs - Milliseconds of silence that are never worth a word.
   * @param onSilence - Called again and again while it is silent.
   */
  constructor(leastMs: number, onSilence: () => void) {
    this.#leastMs = leastMs
    this.#timer = setInterval(() => {
      if (performance.now() - this.#heardAtMs > this.#patienceMs) onSilence()
    }, leastMs / LOOKS).unref()
  }

  /** Something came. */
  hear(): void {
    const nowMs = performance.now()
    const intervalMs = nowMs - this.#heardAtMs
    this.#heardAtMs = nowMs
    this.#heard += 1
    // The time before the first value says nothing of the stream, and neither does a break.
    if (this.#heard === 2) this.#intervalMs = intervalMs
    else if (this.#heard > 2 && intervalMs <= this.#patienceMs) {
      this.#intervalMs += WEIGHT * (intervalMs - this.#intervalMs)
    }
  }

  /** Begins to wait anew: somebody has just come who may have something to say. */
  restart(): void {
    this.#heardAtMs = performance.now()
    this.#heard = 0
    this.#intervalMs = 0
  }

  /** Ends the watch. */
  close(): void {
    clearInterval(this.#timer)
  }

  get #patienceMs(): number {
    return Math.max(this.#leastMs, INTERVALS * this.#intervalMs)
  }
}
