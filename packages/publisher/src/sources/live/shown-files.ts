import type { FileReading } from './picture-reader.ts'

/** Files whose state is remembered, to tell a new picture from one that the system tells of twice. */
const MOST_REMEMBERED = 1000

/** Which state of a file was shown last. */
export class ShownFiles {
  readonly #identities = new Map<string, string>()

  /** Whether a file was shown in this state. */
  has(path: string, { identity }: FileReading): boolean {
    return this.#identities.get(path) === identity
  }

  /** Remembers that it was. */
  add(path: string, { identity }: FileReading): void {
    const oldest = this.#identities.keys().next().value
    if (this.#identities.size >= MOST_REMEMBERED && oldest !== undefined) this.#identities.delete(oldest)
    this.#identities.delete(path)
    this.#identities.set(path, identity)
  }
}
