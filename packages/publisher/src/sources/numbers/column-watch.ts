/** Counts told apart; a stream with more of them has arrays of any length. */
const MOST_COUNTS = 16

/** Notices when lines change the number of values that they have; each number is told once. */
export class ColumnWatch {
  readonly #seen = new Set<number>()
  #newest = 0

  /** @returns What to say of a line with so many numbers, in a clause, where it is the first of its kind. */
  see(count: number): string | undefined {
    const before = this.#newest
    if (count === before) return undefined
    this.#newest = count
    if (this.#seen.has(count) || this.#seen.size >= MOST_COUNTS) return undefined
    this.#seen.add(count)
    return before === 0
      ? undefined
      : `has ${count === 1 ? '1 number' : `${count} numbers`}, and the one before it has ${before}`
  }
}
