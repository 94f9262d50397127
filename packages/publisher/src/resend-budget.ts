/**
 * The long-term limit. Otherwise three bytes from a subscriber could make a publisher send 25 MB a second to everybody
 * (measured).
 */
const BYTES_A_SECOND = 512 * 1024

/** The most that may be sent at once after a quiet time. */
const MOST_BYTES = 8 * 1024 * 1024

/**
 * The budget for sending values again to late joiners, who can join again and again: the larger a value, the less
 * often.
 */
export class ResendBudget {
  #leftBytes = MOST_BYTES
  #atMs = performance.now()

  /** The time to wait before something is sent again, in milliseconds; 0 when it may be sent at once. */
  get waitMs(): number {
    this.#earn()
    return this.#leftBytes > 0 ? 0 : Math.ceil(((1 - this.#leftBytes) * 1000) / BYTES_A_SECOND)
  }

  /** Subtracts what is sent again. A value larger than the remaining budget is paid for afterwards. */
  spend(bytes: number): void {
    this.#earn()
    this.#leftBytes -= bytes
  }

  #earn(): void {
    const nowMs = performance.now()
    this.#leftBytes = Math.min(MOST_BYTES, this.#leftBytes + ((nowMs - this.#atMs) * BYTES_A_SECOND) / 1000)
    this.#atMs = nowMs
  }
}
