import type { PictureReading } from './read-picture.ts'

const MOST_BYTES = 64 * 1024 * 1024
const MOST_FILES = 10_000

interface Kept {
  readonly identity: string
  readonly reading: PictureReading
  readonly bytes: number
}

/**
 * Results of reading files that took work: pictures that had to be encoded, and reasons why a file is not shown. A
 * folder is thus converted once, however often it is played: at most 64 MiB and 10,000 files, and the least recently
 * used are dropped first.
 */
export class KeptPictures {
  readonly #kept = new Map<string, Kept>()
  #bytes = 0

  /** The stored result for a file, if it has not changed since. */
  get(path: string, identity: string): PictureReading | undefined {
    const kept = this.#kept.get(path)
    if (!kept) return undefined
    this.#remove(path)
    if (kept.identity !== identity) return undefined
    this.#add(path, kept)
    return kept.reading
  }

  /** Stores the result for a file. */
  set(path: string, identity: string, reading: PictureReading): void {
    const bytes = 'picture' in reading ? reading.picture.jpeg.byteLength : 0
    this.#remove(path)
    this.#add(path, { identity, reading, bytes })
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= MOST_BYTES && this.#kept.size <= MOST_FILES) return
      this.#remove(oldest)
    }
  }

  #add(path: string, kept: Kept): void {
    this.#kept.set(path, kept)
    this.#bytes += kept.bytes
  }

  #remove(path: string): void {
    this.#bytes -= this.#kept.get(path)?.bytes ?? 0
    this.#kept.delete(path)
  }
}
