import { PickleRefusal } from './pickle-refusal.ts'

/** Reads an untrusted pickle from its beginning on. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** True when everything was read. */
  get isAtEnd(): boolean {
    return this.#position === this.#bytes.length
  }

  /** A whole number of 1, 2 or 4 bytes, little-endian. */
  uint(width: 1 | 2 | 4): number {
    const at = this.#skip(width)
    if (width === 1) return this.#view.getUint8(at)
    return width === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true)
  }

  /** A signed one of 4 bytes. */
  int(): number {
    return this.#view.getInt32(this.#skip(4), true)
  }

  /** A length of 8 bytes. */
  length(): number {
    const length = this.#view.getBigUint64(this.#skip(8), true)
    if (length > this.#bytes.length) throw new PickleRefusal('the pickle ends early')
    return Number(length)
  }

  /** So many bytes, as a view. */
  take(length: number): Uint8Array {
    const at = this.#skip(length)
    return this.#bytes.subarray(at, at + length)
  }

  /** Text up to the end of its line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position)
    if (end === -1) throw new PickleRefusal('the pickle ends early')
    const line = this.take(end - this.#position)
    this.#skip(1)
    return Buffer.from(line).toString()
  }

  #skip(length: number): number {
    if (length > this.#bytes.length - this.#position) throw new PickleRefusal('the pickle ends early')
    const at = this.#position
    this.#position += length
    return at
  }
}
