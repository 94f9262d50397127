/** Collects events, so that a test can wait until those it needs have come. */
export class Recorder<T> {
  /** All of them, in order. */
  readonly seen: T[] = []
  readonly #waiting = new Set<() => void>()

  /** Takes an event; bound, so that it can be passed as a listener. */
  readonly add = (event: T): void => {
    this.seen.push(event)
    for (const check of this.#waiting) check()
  }

  /** Resolves once the events seen so far are enough, at once if they are already. */
  until(isEnough: (seen: readonly T[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!isEnough(this.seen)) return
        this.#waiting.delete(check)
        resolve()
      }
      this.#waiting.add(check)
      check()
    })
  }

  /** Resolves once this many events were seen. */
  async count(number: number): Promise<readonly T[]> {
    await this.until((seen) => seen.length >= number)
    return this.seen
  }

  /** Resolves once the last event is this one. */
  last(event: T): Promise<void> {
    return this.until((seen) => seen.at(-1) === event)
  }
}
