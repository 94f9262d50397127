/**
 * The set of outputs that are wanted now, with a way to wait for changes. An output is a rendition's name, or `''` for
 * the stream itself. An empty set means that nobody watches.
 */
export class Demand {
  readonly #wanted = new Set<string>()
  readonly #listeners = new Set<() => void>()

  /** @param wanted - The outputs wanted from the start. */
  constructor(wanted: Iterable<string> = []) {
    for (const output of wanted) this.#wanted.add(output)
  }

  /** The outputs wanted now. */
  get wanted(): ReadonlySet<string> {
    return this.#wanted
  }

  /** Waits until some output is wanted, or the signal aborts. */
  async untilWanted(signal: AbortSignal): Promise<void> {
    if (this.#wanted.size > 0 || signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        if (this.#wanted.size === 0 && !signal.aborted) return
        stop()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const stop = this.onChange(done)
      signal.addEventListener('abort', done)
    })
  }

  /** Sets whether an output is wanted from now on. */
  set(output: string, wanted: boolean): void {
    if (this.#wanted.has(output) === wanted) return
    if (wanted) this.#wanted.add(output)
    else this.#wanted.delete(output)
    for (const listener of this.#listeners) listener()
  }

  /** Calls `listener` after each change. @returns A function that removes the listener. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
