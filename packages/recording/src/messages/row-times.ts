/**
 * The times of rows that are joined to a block, which has the time of its first row and an interval: the time of each
 * row must come out as the very number that it was.
 */
export class RowTimes {
  readonly first: number
  /** What is nearer to a time than this is rounded to the same number. */
  readonly #half: number
  readonly #given: number
  /** Between which the interval is, so far. */
  #least = 0
  #most = Infinity

  /** @param given - The interval, where it was recorded; otherwise 0. */
  constructor(first: number, given: number) {
    this.first = first
    this.#given = given
    this.#half = 2 ** (Math.floor(Math.log2(first)) - 53) * (1 - 1e-9)
  }

  /** Adds the time of a row. @returns False when it does not fit those before it, and is not added. */
  add(time: number, row: number): boolean {
    if (this.#given !== 0) return time === this.first + row * this.#given
    const least = Math.max(this.#least, (time - this.first - this.#half) / row)
    const most = Math.min(this.#most, (time - this.first + this.#half) / row)
    if (!(least <= most)) return false
    this.#least = least
    this.#most = most
    return true
  }

  /** Seconds between rows; `undefined` when that is not known, or nothing. */
  interval(rows: number): number | undefined {
    if (this.#given !== 0) return this.#given
    return rows === 1 || this.#least === 0 ? undefined : roundestBetween(this.#least, this.#most)
  }
}

/** The number of fewest digits between two. */
function roundestBetween(least: number, most: number): number {
  const middle = (least + most) / 2
  for (let digits = 1e3; digits <= 1e9; digits *= 10) {
    const rounded = Math.round(middle * digits) / digits
    if (rounded >= least && rounded <= most) return rounded
  }
  return middle
}
