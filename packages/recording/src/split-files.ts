import type { Stats } from 'node:fs'
import { lstat, rm } from 'node:fs/promises'
import { parse, join } from 'node:path'

/** What of a recording in several files is kept. */
export interface KeepLimits {
  /** Of all its files together. */
  readonly bytes?: number | undefined
  /** What is older than the newest value by more goes. */
  readonly seconds?: number | undefined
}

/** A file that is complete. */
export interface CompleteFile {
  readonly path: string
  readonly bytes: number
  /** Seconds since the Unix epoch of its last value. */
  readonly to: number
}

interface OwnFile extends CompleteFile {
  readonly status: Stats
}

/** The path of one of several files of a recording: `flight-0001.mcap` of `flight.mcap`. */
export function splitPath(path: string, number: number): string {
  const { dir, name, ext } = parse(path)
  return join(dir, `${name}-${String(number).padStart(4, '0')}${ext}`)
}

/** The files of one recording: their names, and which of them have become too much. */
export class SplitFiles {
  readonly #path: string
  readonly #keep: KeepLimits
  readonly #complete: OwnFile[] = []
  #number = 0

  constructor(path: string, keep: KeepLimits) {
    this.#path = path
    this.#keep = keep
  }

  /** The path of the next file. One that exists belongs to somebody else, and is passed over, unless it is the first. */
  async next(): Promise<string> {
    for (;;) {
      const path = splitPath(this.#path, ++this.#number)
      if (this.#number === 1 || !(await lstat(path).catch(() => undefined))) return path
    }
  }

  /** Takes back a path that {@link next} gave, and that could not be made. */
  giveBack(): void {
    this.#number -= 1
  }

  /**
   * Adds a file that is complete, and removes the oldest that are too much beside one of so many bytes.
   *
   * @throws When one cannot be removed: the next call goes on with those after it.
   */
  async add(file: CompleteFile, nextBytes: number): Promise<void> {
    const status = await lstat(file.path).catch(() => undefined)
    if (status) this.#complete.push({ ...file, status })
    await this.#trim(nextBytes, file.to)
  }

  async #trim(nextBytes: number, to: number): Promise<void> {
    const { bytes = Infinity, seconds = Infinity } = this.#keep
    const total = (): number => this.#complete.reduce((sum, file) => sum + file.bytes, nextBytes)
    for (;;) {
      const [oldest] = this.#complete
      if (!oldest || (total() <= bytes && oldest.to >= to - seconds)) return
      this.#complete.shift()
      const status = await lstat(oldest.path).catch(() => undefined)
      // Somebody may have put another in its place, or written to it.
      if (status && isSame(status, oldest.status)) await rm(oldest.path, { force: true })
    }
  }
}

/** True for one file that has not been written to. The inode is not enough: that of a removed file is used again. */
function isSame(a: Stats, b: Stats): boolean {
  return (['dev', 'ino', 'size', 'mtimeMs'] as const).every((field) => a[field] === b[field])
}
