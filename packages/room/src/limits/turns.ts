/** Has work wait for its turn: so much of it runs at once. How much may wait is for the caller to limit. */
export class Turns {
  readonly #atOnce: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  /** @param atOnce - Runs at the same time. */
  constructor(atOnce: number) {
    this.#atOnce = atOnce
  }

  /** Runs work when it is its turn, in the order in which it came. @throws What the work throws. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#atOnce) this.#running += 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      // The place is handed over, so that nobody who comes in between takes it.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}
