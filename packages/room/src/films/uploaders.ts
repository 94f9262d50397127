import { readFile } from 'node:fs/promises'
import { writeWholeFile } from '@zcast/shared/internal'

/** More than the films that are listed; the one that was told first is forgotten first. */
const MAX_NAMES = 1000

/** Who uploaded which film, kept in a file. */
export class Uploaders {
  readonly #path: string
  #names = new Map<string, string>()
  /** Writes wait for each other. */
  #writing: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  /** Reads the file. Without it, or where it is damaged, nothing is known. */
  async open(): Promise<void> {
    try {
      const kept = Object.entries(JSON.parse(await readFile(this.#path, 'utf8')) as Record<string, unknown>)
      this.#names = new Map(
        kept.filter((entry): entry is [string, string] => typeof entry[1] === 'string').slice(-MAX_NAMES),
      )
    } catch {
      this.#names.clear()
    }
  }

  /** The name of who uploaded a film. */
  of(film: string): string | undefined {
    return this.#names.get(film)
  }

  /** Keeps who uploaded a film. @throws The system's error when it cannot be written. */
  add(film: string, by: string): Promise<void> {
    this.#names.delete(film)
    this.#names.set(film, by)
    const [oldest] = this.#names.keys()
    if (this.#names.size > MAX_NAMES && oldest !== undefined) this.#names.delete(oldest)
    const write = (): Promise<void> =>
      writeWholeFile(this.#path, Buffer.from(JSON.stringify(Object.fromEntries(this.#names))))
    const writing = this.#writing.then(write)
    this.#writing = writing.catch(() => undefined)
    return writing
  }
}
