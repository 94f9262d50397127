/** The keys that may come in, and their names. They may change at any time. */
export interface AllowedKeys {
  /** Whether a client with this public key may come in. */
  allows(publicKey: string): boolean
  /** Calls `listener` when keys are no longer allowed that were before. @returns Ends that. */
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
