/** A consumer that takes nothing for this long has stopped, rather than being slow. */
const STALLED_AFTER_MS = 1000

/**
 * Holds the reading of a socket back while a slow consumer has enough to do, so that a publisher that may lose nothing
 * waits for it, and one that may drop does so at its own end, where it is counted as lost.
 *
 * A consumer that takes nothing at all for a second does not hold it back: the subscriber then reads on, up to the
 * limit of its queue, or its peers would take it for dead.
 */
export class ReadingPace {
  readonly #waitingBytes: () => number
  readonly #mostBytes: number
  #resume: (() => void) | undefined
  /** Whether the consumer is at work. */
  #took = false
  #ended = false

  /**
   * @param waitingBytes - How much waits for the consumer now.
   * @param mostBytes - Reading pauses above this, and goes on below three quarters of it.
   */
  constructor(waitingBytes: () => number, mostBytes: number) {
    this.#waitingBytes = waitingBytes
    this.#mostBytes = mostBytes
  }

  /** @returns A promise when the next message should not be read yet: it resolves when it should. */
  pause(): Promise<void> | undefined {
    if (this.#waitingBytes() <= this.#mostBytes || !this.#took || this.#ended) return undefined
    this.#took = false
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        if (!this.#took) this.#resume?.()
        this.#took = false
      }, STALLED_AFTER_MS)
      this.#resume = () => {
        clearInterval(timer)
        this.#resume = undefined
        resolve()
      }
    })
  }

  /** The consumer has taken something. */
  took(): void {
    this.#took = true
    if (this.#resume && this.#waitingBytes() <= this.#mostBytes * 0.75) this.#resume()
  }

  /** Nothing is held back any more. */
  end(): void {
    this.#ended = true
    this.#resume?.()
  }
}
