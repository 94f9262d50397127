/** What is read of the past at once, for all pages; what is too much waits, while somebody waits for it. */
export class ReadingTurns {
  readonly #most: number
  readonly #reading = new Set<Promise<unknown>>()

  constructor(most: number) {
    this.#most = most
  }

  /**
   * Reads once it is its turn.
   *
   * @returns What was read; `undefined` when nobody waits for it any more.
   */
  async take<T>(isWanted: () => boolean, read: () => Promise<T>): Promise<T | undefined> {
    while (this.#reading.size >= this.#most) await Promise.race(this.#reading)
    if (!isWanted()) return undefined
    const work = read()
    const settled = work.then(
      () => undefined,
      () => undefined,
    )
    this.#reading.add(settled)
    void settled.then(() => this.#reading.delete(settled))
    return work
  }
}
