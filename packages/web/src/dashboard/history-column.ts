/** For each position in a slice: least, greatest and newest. */
export const VALUES_PER_SLICE = 3

/** The values of one position of a stream in each slice; NaN where nothing is known, such as before its first value. */
export class HistoryColumn {
  readonly #capacity: number
  readonly #values: Float64Array

  /** @param capacity - The number of slices kept; each new slice replaces the oldest one. */
  constructor(capacity: number) {
    this.#capacity = capacity
    this.#values = new Float64Array(capacity * VALUES_PER_SLICE).fill(Number.NaN)
  }

  /** Starts a slice. */
  begin(ordinal: number): void {
    const at = this.#place(ordinal)
    this.#values.fill(Number.NaN, at, at + VALUES_PER_SLICE)
  }

  /**
   * Adds values to a slice: those at `from`, `from + step` and so on before `end`. A value that is not a finite number
   * is skipped.
   */
  add(ordinal: number, data: Float64Array, from: number, step: number, end: number): void {
    const values = this.#values
    const at = this.#place(ordinal)
    for (let index = from; index < end; index += step) {
      const value = data[index] as number
      if (!Number.isFinite(value)) continue
      // No value is greater or less than NaN, which is there at first.
      if (!((values[at] as number) <= value)) values[at] = value
      if (!((values[at + 1] as number) >= value)) values[at + 1] = value
      values[at + 2] = value
    }
  }

  /** The least (0), greatest (1) or newest (2) value of a slice. */
  read(ordinal: number, which: number): number {
    return this.#values[this.#place(ordinal) + which] as number
  }

  #place(ordinal: number): number {
    return (ordinal % this.#capacity) * VALUES_PER_SLICE
  }
}
