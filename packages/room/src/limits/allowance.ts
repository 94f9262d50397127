/** So much a second, and some at once after a pause. It belongs to one guest, one connection, or everybody. */
export class Allowance {
  readonly #rate: number
  readonly #most: number
  readonly #now: () => number
  #left: number
  #atMs: number

  /**
   * @param rate - What may be taken in a second.
   * @param most - What may be taken at once, after a pause.
   * @param now - Monotonic time in milliseconds. Default: the system's.
   */
  constructor(rate: number, most: number, now: () => number = () => performance.now()) {
    this.#rate = rate
    this.#most = most
    this.#now = now
    this.#left = most
    this.#atMs = now()
  }

  /** Takes one, for what is refused otherwise. @returns False when there is none: then nothing was taken. */
  tryTake(): boolean {
    this.#earn()
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }

  /**
   * Takes an amount, ahead of time if need be, for what is slowed down rather than refused.
   *
   * @returns The milliseconds by which it came too early.
   */
  take(amount: number): number {
    this.#earn()
    this.#left = Math.max(this.#left - amount, -this.#most)
    return (Math.max(0, -this.#left) / this.#rate) * 1000
  }

  #earn(): void {
    const nowMs = this.#now()
    this.#left = Math.min(this.#most, this.#left + ((nowMs - this.#atMs) / 1000) * this.#rate)
    this.#atMs = nowMs
  }
}
