/** The keys that may connect, and their names. They may change at any time. */
export interface AllowedKeys {
  /** True when a client with this public key may connect. */
  allows(publicKey: string): boolean
  /** Calls `listener` when keys that were allowed no longer are. @returns A function that removes the listener. */
  onRemoved(listener: () => void): () => void
}

/** {@link AllowedKeys} that are replaced as a whole. */
export class KeySet implements AllowedKeys {
  #keys: ReadonlySet<string>
  readonly #listeners = new Set<() => void>()

  constructor(publicKeys: Iterable<string> = []) {
    this.#keys = new Set(publicKeys)
  }

  allows(publicKey: string): boolean {
    return this.#keys.has(publicKey)
  }

  onRemoved(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Allows these keys and no others. */
  replace(publicKeys: Iterable<string>): void {
    const before = this.#keys
    const now = new Set(publicKeys)
    this.#keys = now
    if ([...before].every((key) => now.has(key))) return
    for (const listener of this.#listeners) listener()
  }
}
