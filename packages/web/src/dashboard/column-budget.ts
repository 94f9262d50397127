/** The number of columns kept besides the first ones of each stream: 74 MB. */
const MAX_COLUMNS = 512

/**
 * Shares the memory for positions past the first ones of each stream among all streams: a requested position replaces
 * one that nobody has requested lately.
 */
export class ColumnBudget {
  /** The function that drops each column; the least recently requested one comes first. */
  readonly #drops = new Map<object, () => void>()

  /** True when another column fits without dropping one. */
  get hasRoom(): boolean {
    return this.#drops.size < MAX_COLUMNS
  }

  /** Adds a column; when there is no room, another one is dropped by calling its `drop`. */
  admit(column: object, drop: () => void): void {
    const [oldest] = this.#drops
    if (!this.hasRoom && oldest) {
      this.#drops.delete(oldest[0])
      oldest[1]()
    }
    this.#drops.set(column, drop)
  }

  /** Notes that somebody requests a column. */
  touch(column: object): void {
    const drop = this.#drops.get(column)
    if (!drop) return
    this.#drops.delete(column)
    this.#drops.set(column, drop)
  }

  /** Frees the room of a column. */
  release(column: object): void {
    this.#drops.delete(column)
  }
}
