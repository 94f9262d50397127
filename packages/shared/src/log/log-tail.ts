import type { OpenLogFile } from './log-files.ts'

const CHUNK_BYTES = 65_536
const NEWLINE = 0x0a

/** Reads a file of the log on from an offset as it grows; stays with the file when that is renamed. */
export class LogTail {
  readonly #file: OpenLogFile
  #offset: number
  // The beginning of a line that is not complete yet.
  #rest: Buffer = Buffer.alloc(0)

  /** @param offset - Where a line begins. */
  constructor(file: OpenLogFile, offset: number) {
    this.#file = file
    this.#offset = offset
  }

  get identity(): string {
    return this.#file.identity
  }

  /** When the file was last written, in nanoseconds, and whether it still has a name. */
  async status(): Promise<{ modified: bigint; isDeleted: boolean }> {
    const { mtimeNs, nlink } = await this.#file.handle.stat({ bigint: true })
    return { modified: mtimeNs, isDeleted: nlink === 0n }
  }

  /** Yields the lines that were completed since the last call. A line longer than 64 KiB loses its beginning. */
  async *read(): AsyncGenerator<string> {
    const { size } = await this.#file.handle.stat()
    // Somebody emptied the file.
    if (size < this.#offset) this.#restart()
    for (;;) {
      const chunk = Buffer.alloc(CHUNK_BYTES)
      const { bytesRead } = await this.#file.handle.read(chunk, 0, CHUNK_BYTES, this.#offset)
      if (bytesRead === 0) return
      this.#offset += bytesRead
      yield* this.#split(Buffer.concat([this.#rest, chunk.subarray(0, bytesRead)]))
    }
  }

  close(): Promise<void> {
    return this.#file.handle.close()
  }

  *#split(data: Buffer): Generator<string> {
    const end = data.lastIndexOf(NEWLINE) + 1
    this.#rest = data.subarray(Math.max(end, data.length - CHUNK_BYTES))
    if (end > 0) yield* data.toString('utf8', 0, end - 1).split('\n')
  }

  #restart(): void {
    this.#offset = 0
    this.#rest = Buffer.alloc(0)
  }
}
