/** In the long run. Three bytes from a subscriber could else make a publisher send 25 MB a second to everybody (measured). */
const BYTES_A_SECOND = 512 * 1024

/** What may be sent at once after a while without. */
const MOST_BYTES = 8 * 1024 * 1024

/** How much may be sent again for those who join late, who can join again and again: the larger it is, the less often. */
export class ResendBudget {
  #leftBytes = MOST_BYTES
  #atMs = performance.now()

  /** How long to wait before something is sent again, in milliseconds; 0 when it may be at once. */
  get waitMs(): number {
    this.#earn()
    return this.#leftBytes > 0 ? 0 : Math.ceil(((1 - this.#leftBytes) * 1000) / BYTES_A_SECOND)
  }

  /** Takes note of what is sent again. One that is larger than what is left is paid for afterwards. */
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
