import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** As many clips are kept. */
const MAX_CLIPS = 100
/** So much may they take together, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024

/** What an earlier run may have left: its clips, and recordings where it was killed. */
const LEFT_OVER = /^[0-9a-f]{16}\.(?:m4a|recording)$/

/** The recordings that pages fetch, in a folder of their own; those of an earlier run are removed. */
export class ClipShelf {
  readonly #folder: string
  /** Sizes by id, the oldest first. */
  readonly #kept = new Map<string, number>()

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** Opens the folder. @throws The system's error when it cannot be made. */
  static async open(folder: string): Promise<ClipShelf> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const name of await readdir(folder))
      if (LEFT_OVER.test(name)) await rm(join(folder, name), { force: true })
    return new ClipShelf(folder)
  }

  /** Where the clip of an id is written. */
  pathOf(id: string): string {
    return join(this.#folder, `${id}.m4a`)
  }

  /** The file of a clip that is kept; `undefined` for any other name. */
  find(id: string): string | undefined {
    return this.#kept.has(id) ? this.pathOf(id) : undefined
  }

  /** Keeps a clip that was written; the oldest ones give way. */
  async keep(id: string): Promise<void> {
    this.#kept.set(id, (await stat(this.pathOf(id))).size)
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= MAX_CLIPS && this.#bytes <= MAX_BYTES) return
      this.#kept.delete(oldest)
      await rm(this.pathOf(oldest), { force: true })
    }
  }

  get #bytes(): number {
    let sum = 0
    for (const bytes of this.#kept.values()) sum += bytes
    return sum
  }
}
