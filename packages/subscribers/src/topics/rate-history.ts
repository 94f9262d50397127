/** Seconds that are kept. */
const LENGTH = 60

/** Values a second of the last minute, second by second. */
export class RateHistory {
  readonly #counts = new Float64Array(LENGTH)
  #second = Number.NaN

  /** Counts values that came at a monotonic time. */
  add(atMs: number, values: number): void {
    this.#turn(atMs)
    const place = this.#second % LENGTH
    this.#counts[place] = (this.#counts[place] ?? 0) + values
  }

  /** The last `count` seconds that are over, oldest first. */
  last(count: number, nowMs: number): readonly number[] {
    this.#turn(nowMs)
    return Array.from({ length: Math.min(count, LENGTH - 1) }, (_, index, from = this.#second - count) => {
      const second = from + index
      return second < 0 ? 0 : (this.#counts[second % LENGTH] ?? 0)
    })
  }

  #turn(nowMs: number): void {
    const second = Math.floor(nowMs / 1000)
    if (Number.isNaN(this.#second)) this.#second = second
    for (let step = Math.min(second - this.#second, LENGTH); step > 0; step--)
      this.#counts[(second - step + 1) % LENGTH] = 0
    if (second > this.#second) this.#second = second
  }
}
