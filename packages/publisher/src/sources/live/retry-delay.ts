/** The wait before the next attempt: 1 s, then twice as long each time, at most 30 s. */
export class RetryDelay {
  readonly #first: number
  #next: number

  /** @param firstMs - Default 1000. */
  constructor(firstMs = 1000) {
    this.#first = firstMs
    this.#next = firstMs
  }

  /** The current wait, in milliseconds. */
  take(): number {
    const delay = this.#next
    this.#next = Math.min(delay * 2, LONGEST_MS)
    return delay
  }

  /** Starts again, after an attempt that succeeded. */
  reset(): void {
    this.#next = this.#first
  }
}

const LONGEST_MS = 30_000
