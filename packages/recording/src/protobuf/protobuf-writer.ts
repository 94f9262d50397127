const VARINT = 0
const FIXED_64 = 1
const DELIMITED = 2
const FIXED_32 = 5

const TEXT = new TextEncoder()

/** Writes one protobuf message after another into the same memory. Zeros and empty texts are left out, as proto3 has it. */
export class ProtobufWriter {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  /** Begins the next message. */
  reset(): this {
    this.#length = 0
    return this
  }

  /** The message, as a view that the next one overwrites. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** A whole number, 0 to 2^53. */
  uint(field: number, value: number): this {
    if (value === 0) return this
    this.#reserve(20)
    this.#varint(field * 8 + VARINT)
    this.#varint(value)
    return this
  }

  /** A whole number of 32 bits in four bytes. */
  fixed32(field: number, value: number): this {
    if (value === 0) return this
    this.#reserve(14)
    this.#varint(field * 8 + FIXED_32)
    this.#view.setUint32(this.#length, value, true)
    this.#length += 4
    return this
  }

  /** A number with a point. */
  double(field: number, value: number): this {
    if (value === 0) return this
    this.#reserve(18)
    this.#varint(field * 8 + FIXED_64)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
    return this
  }

  /** A text, even an empty one: it may stand in a list. */
  text(field: number, text: string): this {
    return this.blob(field, TEXT.encode(text))
  }

  /** Bytes, or a message within this one. */
  blob(field: number, data: Uint8Array): this {
    this.#reserve(20 + data.byteLength)
    this.#varint(field * 8 + DELIMITED)
    this.#varint(data.byteLength)
    this.#bytes.set(data, this.#length)
    this.#length += data.byteLength
    return this
  }

  /** Fields that are encoded already. */
  add(fields: Uint8Array): this {
    this.#reserve(fields.byteLength)
    this.#bytes.set(fields, this.#length)
    this.#length += fields.byteLength
    return this
  }

  /** A `google.protobuf.Timestamp`, of seconds since the Unix epoch. */
  timestamp(field: number, time: number): this {
    const nanoseconds = Math.round((time - Math.floor(time)) * 1e9)
    const seconds = Math.floor(time) + Math.floor(nanoseconds / 1e9)
    this.#reserve(40)
    this.#varint(field * 8 + DELIMITED)
    const start = this.#length
    this.#length += 1
    this.uint(1, Math.max(seconds, 0))
    this.uint(2, nanoseconds % 1e9)
    this.#bytes[start] = this.#length - start - 1
    return this
  }

  #varint(value: number): void {
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length++] = rest
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.byteLength) return
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.byteLength))
    larger.set(this.bytes)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}
