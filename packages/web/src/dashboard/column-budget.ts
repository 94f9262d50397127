/** Columns that are kept besides the first ones of each stream: 74 MB. */
const MAX_COLUMNS = 512

/**
 * Shares out the memory for positions past the first ones of each stream, among all of them: what somebody asks for
 * takes the place of what nobody has asked for lately.
 */
export class ColumnBudget {
  /** How each column is dropped; the one asked for least recently comes first. */
  readonly #drops = new Map<object, () => void>()

  /** Whether another column can be had without dropping one. */
  get hasRoom(): boolean {
    return this.#drops.size < MAX_COLUMNS
  }

  /** Takes a column in; where there is no room, at the expense of another, which is told by its `drop`. */
  admit(column: object, drop: () => void): void {
    const [oldest] = this.#drops
    if (!this.hasRoom && oldest) {
      this.#drops.delete(oldest[0])
      oldest[1]()
    }
    this.#drops.set(column, drop)
  }

  /** Notes that somebody asks for a column. */
  touch(column: object): void {
    const drop = this.#drops.get(column)
    if (!drop) return
    this.#drops.delete(column)
    this.#drops.set(column, drop)
  }

  /** Gives the room of a column back. */
  release(column: object): void {
    this.#drops.delete(column)
  }
}
