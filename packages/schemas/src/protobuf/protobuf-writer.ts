import { splitTime } from './message-time.ts'

/** How a field is written; the lowest three bits of its key. */
const WIRE_TYPES = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

const FIRST_SIZE = 1024
/** The longest whole number. */
const MAX_VARINT = 10
/** The longest `google.protobuf.Timestamp`, with its key. */
const MAX_TIMESTAMP = 5 * MAX_VARINT

const TEXT = new TextEncoder()

/**
 * Writes protobuf messages one after the other into the same memory. Zeros are left out, as proto3 has it. It knows what
 * the messages here need; a library for all of protobuf would be larger than this package.
 */
export class ProtobufWriter {
  readonly #start: number
  #bytes: Uint8Array
  #view: DataView
  #length: number

  /**
   * @param start - Bytes that are left free before the message, for whoever sends it. Default: 0.
   * @param size - Bytes that are expected in all. Default: 1024.
   */
  constructor(start = 0, size = FIRST_SIZE) {
    this.#start = start
    this.#length = start
    this.#bytes = new Uint8Array(Math.max(size, start))
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Begins the next message. */
  reset(): this {
    this.#length = this.#start
    return this
  }

  /** The free bytes and the message, as a view that the next message overwrites. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** A whole number from 0 to 2^53. */
  uint(field: number, value: number): this {
    if (value === 0) return this
    this.#reserve(2 * MAX_VARINT)
    this.#key(field, WIRE_TYPES.varint)
    this.#varint(value)
    return this
  }

  /** A whole number of 32 bits in four bytes. */
  fixed32(field: number, value: number): this {
    if (value === 0) return this
    this.#reserve(MAX_VARINT + 4)
    this.#key(field, WIRE_TYPES.fixed32)
    this.#view.setUint32(this.#length, value, true)
    this.#length += 4
    return this
  }

  /** A number with a point. */
  double(field: number, value: number): this {
    if (value === 0) return this
    this.#reserve(MAX_VARINT + 8)
    this.#key(field, WIRE_TYPES.fixed64)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
    return this
  }

  /** Bytes, a text in UTF-8, packed numbers, or a message; even empty ones, for they may stand in a list. */
  blob(field: number, value: Uint8Array | string): this {
    const data = typeof value === 'string' ? TEXT.encode(value) : value
    this.#reserve(2 * MAX_VARINT + data.byteLength)
    this.#key(field, WIRE_TYPES.bytes)
    this.#varint(data.byteLength)
    this.#bytes.set(data, this.#length)
    this.#length += data.byteLength
    return this
  }

  /** Fields that another writer has written. */
  encoded(fields: Uint8Array): this {
    this.#reserve(fields.byteLength)
    this.#bytes.set(fields, this.#length)
    this.#length += fields.byteLength
    return this
  }

  /** A `google.protobuf.Timestamp`, of seconds since the Unix epoch. */
  timestamp(field: number, time: number): this {
    const { sec, nsec } = splitTime(time)
    this.#reserve(MAX_TIMESTAMP)
    this.#key(field, WIRE_TYPES.bytes)
    const at = this.#length
    this.#length += 1
    this.uint(1, sec).uint(2, nsec)
    this.#bytes[at] = this.#length - at - 1
    return this
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

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.byteLength) return
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.byteLength))
    larger.set(this.bytes)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}
