import type { FileHandle } from 'node:fs/promises'

/** The beginning of a file, and bytes that stand in for the rest of it, as the library reads a file. */
export class ReadableFile {
  readonly #handle: FileHandle
  readonly #length: number
  readonly #tail: Uint8Array

  /** @param length - Bytes of the file that are read. */
  constructor(handle: FileHandle, length: number, tail: Uint8Array = new Uint8Array()) {
    this.#handle = handle
    this.#length = length
    this.#tail = tail
  }

  async size(): Promise<bigint> {
    return BigInt(this.#length + this.#tail.byteLength)
  }

  /** @throws {@link RangeError} when there are not as many. */
  async read(offset: bigint, size: bigint): Promise<Uint8Array> {
    const start = Number(offset)
    const end = start + Number(size)
    if (end > this.#length + this.#tail.byteLength) throw new RangeError('the file ends before')
    const bytes = new Uint8Array(end - start)
    const inFile = Math.max(Math.min(end, this.#length) - start, 0)
    for (let done = 0; done < inFile;) {
      const { bytesRead } = await this.#handle.read(bytes, done, inFile - done, start + done)
      if (bytesRead === 0) throw new RangeError('the file has become shorter')
      done += bytesRead
    }
    const from = Math.max(start - this.#length, 0)
    if (end > this.#length) bytes.set(this.#tail.subarray(from, end - this.#length), inFile)
    return bytes
  }
}
