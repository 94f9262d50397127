const NOTHING = Buffer.alloc(0)
const FIRST_BYTES = 4096

/**
 * Bytes that come in pieces, kept in one block that grows: a list of the pieces would take a hundred times their bytes
 * from somebody who sends them one by one.
 */
export class GrowingBytes {
  #block = NOTHING
  #length = 0

  get length(): number {
    return this.#length
  }

  add(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length > this.#block.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, this.#block.length * 2, FIRST_BYTES))
      this.#block.copy(larger, 0, 0, this.#length)
      this.#block = larger
    }
    this.#block.set(bytes, this.#length)
    this.#length = length
  }

  /** All of them, and begins anew. */
  take(): Buffer {
    const bytes = this.#block.subarray(0, this.#length)
    this.#block = NOTHING
    this.#length = 0
    return bytes
  }
}
