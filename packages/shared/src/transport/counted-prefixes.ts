/** The prefixes of a socket, each as often as it was subscribed to: it ends with its last subscription. */
export class CountedPrefixes {
  readonly #counts = new Map<string, number>()

  /** @returns True for the first subscription to this prefix. */
  add(prefix: string): boolean {
    const count = this.#counts.get(prefix) ?? 0
    this.#counts.set(prefix, count + 1)
    return count === 0
  }

  /** @returns True when this was the last subscription to it; false also when there was none. */
  remove(prefix: string): boolean {
    const count = this.#counts.get(prefix) ?? 0
    if (count <= 1) return this.#counts.delete(prefix)
    this.#counts.set(prefix, count - 1)
    return false
  }

  /** Each prefix once. */
  get all(): readonly string[] {
    return [...this.#counts.keys()]
  }
}
