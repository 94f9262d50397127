import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Log } from '@zcast/shared'
import { errorMessage, systemErrorCode, writeWholeFile } from '@zcast/shared/internal'

/** Uploads of which is known who uploaded them; those uploaded first are forgotten. */
const MAX_KNOWN = 1000

/** Who uploaded which file, also after a restart. */
export class Uploaders {
  readonly #path: string
  readonly #log: Log
  readonly #names = new Map<string, string>()
  #writing: Promise<void> = Promise.resolve()

  /** @param path - Where that is kept. */
  constructor(path: string, log: Log) {
    this.#path = path
    this.#log = log
  }

  /** Reads what is kept. What cannot be read is forgotten. */
  async open(): Promise<void> {
    try {
      const kept: unknown = JSON.parse(await readFile(this.#path, 'utf8'))
      if (!Array.isArray(kept)) return
      for (const [file, by] of kept.slice(-MAX_KNOWN) as unknown[][])
        if (typeof file === 'string' && typeof by === 'string') this.#names.set(file, by)
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT')
        this.#log.warning(`who uploaded which film is not known any more: ${errorMessage(error)}`, error)
    }
  }

  /** The name of who uploaded a file. */
  nameOf(file: string): string | undefined {
    return this.#names.get(file)
  }

  /** Notes who uploaded a file. */
  add(file: string, by: string): void {
    this.#names.delete(file)
    this.#names.set(file, by)
    const [oldest] = this.#names.keys()
    if (this.#names.size > MAX_KNOWN && oldest !== undefined) this.#names.delete(oldest)
    this.#writing = this.#writing.then(() => this.#write())
  }

  /** Waits until everything is written. */
  async close(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    try {
      await mkdir(dirname(this.#path), { recursive: true })
      await writeWholeFile(this.#path, Buffer.from(`${JSON.stringify([...this.#names], undefined, 1)}\n`))
    } catch (error) {
      this.#log.warning(`who uploaded which film is not kept: ${errorMessage(error)}`, error, 'uploaders')
    }
  }
}
