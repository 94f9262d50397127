/** Lets work of one kind run side by side, and that of another kind wait until it has ended; in the order in which it came. */
export class Turns {
  readonly #waiting: { readonly kind: string; readonly begin: () => void }[] = []
  #kind = ''
  #running = 0

  /** @returns What the work does, once it was its turn. */
  async take<T>(kind: string, work: () => Promise<T>): Promise<T> {
    if (this.#running > 0 && (kind !== this.#kind || this.#waiting.length > 0)) {
      await new Promise<void>((begin) => this.#waiting.push({ kind, begin }))
    } else {
      this.#kind = kind
      this.#running += 1
    }
    try {
      return await work()
    } finally {
      this.#running -= 1
      if (this.#running === 0) this.#next()
    }
  }

  #next(): void {
    this.#kind = this.#waiting[0]?.kind ?? ''
    while (this.#waiting[0]?.kind === this.#kind) {
      this.#running += 1
      this.#waiting.shift()?.begin()
    }
  }
}
