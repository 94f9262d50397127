/** How a field is written; the lowest three bits of its key. */
const WIRE_TYPES = { varint: 0, bytes: 2 } as const

const FIRST_SIZE = 256
/** The longest whole number, and the longest key and length together. */
const MAX_VARINT = 10

/**
 * Writes one protobuf message, field after field. Only what the messages here need; a library for all of protobuf would
 * be larger than this package.
 */
export class ProtobufWriter {
  #bytes: Buffer
  #length: number

  /**
   * @param reserved - Bytes that are left free before the message, for whoever sends it.
   * @param size - Bytes that are expected in all.
   */
  constructor(reserved = 0, size = FIRST_SIZE) {
    this.#bytes = Buffer.allocUnsafe(Math.max(size, reserved))
    this.#length = reserved
  }

  /** A whole number from 0 to `Number.MAX_SAFE_INTEGER`. */
  uint(field: number, value: number): this {
    this.#room(2 * MAX_VARINT)
    this.#key(field, WIRE_TYPES.varint)
    this.#varint(value)
    return this
  }

  /** Bytes, a text in UTF-8, or a message. */
  bytes(field: number, value: Uint8Array | string): this {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value
    this.#room(2 * MAX_VARINT + bytes.byteLength)
    this.#key(field, WIRE_TYPES.bytes)
    this.#varint(bytes.byteLength)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.byteLength
    return this
  }

  /** Numbers, packed. */
  doubles(field: number, values: Float64Array): this {
    const byteLength = values.length * Float64Array.BYTES_PER_ELEMENT
    this.#room(2 * MAX_VARINT + byteLength)
    this.#key(field, WIRE_TYPES.bytes)
    this.#varint(byteLength)
    for (const value of values) this.#length = this.#bytes.writeDoubleLE(value, this.#length)
    return this
  }

  /** What was written, after the reserved bytes. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  #key(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType)
  }

  #varint(value: number): void {
    let rest = value
    // Bitwise operators know 32 bits only.
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) + 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length++] = rest
  }

  #room(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
