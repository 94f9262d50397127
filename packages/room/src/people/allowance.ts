/** So much a second, and a little ahead of it. */
export class Allowance {
  readonly #rate: number
  readonly #most: number
  #left: number
  #atMs = performance.now()

  /**
   * @param rate - What may be taken in a second.
   * @param most - What may be taken at once, after a pause.
   */
  constructor(rate: number, most: number) {
    this.#rate = rate
    this.#most = most
    this.#left = most
  }

  /** Takes an amount, ahead of time if need be. @returns The milliseconds by which it came too early. */
  take(amount: number): number {
    const now = performance.now()
    this.#left = Math.min(this.#most, this.#left + ((now - this.#atMs) / 1000) * this.#rate)
    this.#atMs = now
    this.#left = Math.max(this.#left - amount, -this.#most)
    return (Math.max(0, -this.#left) / this.#rate) * 1000
  }
}
