import type { FileReading } from './picture-reader.ts'

/** The number of files whose state is remembered, to tell a new picture from one that the system reports twice. */
const MOST_REMEMBERED = 1000

/** The state in which each file was last shown. */
export class ShownFiles {
  readonly #identities = new Map<string, string>()

  /** True when a file was shown in this state. */
  has(path: string, { identity }: FileReading): boolean {
    return this.#identities.get(path) === identity
  }

  /** Records that a file was shown in this state. */
  add(path: string, { identity }: FileReading): void {
    const oldest = this.#identities.keys().next().value
    if (this.#identities.size >= MOST_REMEMBERED && oldest !== undefined) this.#identities.delete(oldest)
    this.#identities.delete(path)
    this.#identities.set(path, identity)
  }
}
