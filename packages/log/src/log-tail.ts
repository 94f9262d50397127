import { fstatSync } from 'node:fs'
import type { OpenLogFile } from './log-files.ts'

const CHUNK_BYTES = 65_536
const NEWLINE = 0x0a

/** Reads a file of the log from an offset as it grows, and stays with the file when it is renamed. */
export class LogTail {
  readonly #file: OpenLogFile
  #offset: number
  #readAt = performance.now()
  // The beginning of a line that is not yet complete.
  #rest: Buffer = Buffer.alloc(0)

  /** @param offset - The beginning of a line. */
  constructor(file: OpenLogFile, offset: number) {
    this.#file = file
    this.#offset = offset
  }

  get identity(): string {
    return this.#file.identity
  }

  /** The file's size, and whether it has been deleted. */
  status(): { size: number; isDeleted: boolean } {
    const { size, nlink } = fstatSync(this.#file.handle.fd, { bigint: true })
    return { size: Number(size), isDeleted: nlink === 0n }
  }

  /** The time since the file last grew, in milliseconds. */
  get quietMs(): number {
    return performance.now() - this.#readAt
  }

  /** Yields the lines completed since the last call. A line longer than 64 KiB loses its beginning. */
  async *read(): AsyncGenerator<string> {
    const { size } = this.status()
    if (size === this.#offset) return
    // Somebody emptied the file.
    if (size < this.#offset) this.#restart()
    this.#readAt = performance.now()
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
