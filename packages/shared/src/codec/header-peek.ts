/** The keys of a header that counting needs; the others are passed over. */
export interface HeaderFields {
  v: number | undefined
  epoch: number | undefined
  seq: number | undefined
  time: number | undefined
  rows: number | undefined
  columns: number | undefined
  interval: number | undefined
  hops: number | undefined
  withheld: number | undefined
  retained: boolean
  answer: boolean
}

/** The names of numbers and switches that are read, by length and letters. */
const NUMBERS = ['v', 'epoch', 'seq', 'time', 'rows', 'columns', 'interval', 'hops', 'withheld'] as const
const SWITCHES = ['retained', 'answer'] as const

/** The levels of nesting within a header, as the wire format has them. */
const MAX_DEPTH = 4

/**
 * Reads those few keys from a header of the wire format without unpacking it: 0.33 us for six numbers, where
 * decoding the message takes 0.8. Every byte may be hostile; what it does not understand it refuses.
 */
export class HeaderPeek {
  #bytes: Uint8Array = new Uint8Array()
  #view: DataView = new DataView(new ArrayBuffer(0))
  #at = 0

  /** @returns `undefined` when it is not one whole msgpack map of the kinds that headers have. */
  read(bytes: Uint8Array): HeaderFields | undefined {
    const fields = this.readFirst(bytes)
    return this.#at === bytes.length ? fields : undefined
  }

  /** The number of bytes of the header that was read last. */
  get byteLength(): number {
    return this.#at
  }

  /** As {@link read}, of a header that other bytes may follow. */
  readFirst(bytes: Uint8Array): HeaderFields | undefined {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = 0
    const fields: HeaderFields = {
      v: undefined,
      epoch: undefined,
      seq: undefined,
      time: undefined,
      rows: undefined,
      columns: undefined,
      interval: undefined,
      hops: undefined,
      withheld: undefined,
      retained: false,
      answer: false,
    }
    const pairs = this.#pairs()
    for (let pair = 0; pair < pairs; pair++) if (!this.#pair(fields)) return undefined
    return pairs >= 0 ? fields : undefined
  }

  #pair(fields: HeaderFields): boolean {
    const type = this.#bytes[this.#at]
    if (type === undefined || (type & 0xe0) !== 0xa0) return this.#skip(1) && this.#skip(1)
    const length = type & 0x1f
    const keyAt = this.#at + 1
    this.#at = keyAt + length
    for (const name of NUMBERS) {
      if (name.length !== length || !this.#isAt(keyAt, name)) continue
      const value = this.#number()
      if (value === undefined) return this.#skip(1)
      fields[name] = value
      return true
    }
    for (const name of SWITCHES) {
      if (name.length === length && this.#isAt(keyAt, name)) fields[name] = this.#bytes[this.#at] === 0xc3
    }
    return this.#skip(1)
  }

  /** The number of pairs of the map that begins here; -1 when none does. */
  #pairs(): number {
    const type = this.#bytes[this.#at++] ?? 0
    if ((type & 0xf0) === 0x80) return type & 0x0f
    if (type === 0xde) return this.#length(2)
    return type === 0xdf ? this.#length(4) : -1
  }

  #isAt(at: number, name: string): boolean {
    for (let index = 0; index < name.length; index++)
      if (this.#bytes[at + index] !== name.charCodeAt(index)) return false
    return true
  }

  /** Reads a number; stays where it is when there is none. */
  #number(): number | undefined {
    const at = this.#at
    const type = this.#bytes[at]
    if (type === undefined) return undefined
    if (type < 0x80) return this.#took(1, type)
    if (type >= 0xe0) return this.#took(1, type - 0x100)
    const size = NUMBER_BYTES[type - 0xca]
    if (size === undefined || at + 1 + size > this.#bytes.length) return undefined
    const view = this.#view
    if (type === 0xca) return this.#took(5, view.getFloat32(at + 1))
    if (type === 0xcb) return this.#took(9, view.getFloat64(at + 1))
    if (type === 0xcc) return this.#took(2, view.getUint8(at + 1))
    if (type === 0xcd) return this.#took(3, view.getUint16(at + 1))
    if (type === 0xce) return this.#took(5, view.getUint32(at + 1))
    if (type === 0xcf) return this.#took(9, Number(view.getBigUint64(at + 1)))
    if (type === 0xd0) return this.#took(2, view.getInt8(at + 1))
    if (type === 0xd1) return this.#took(3, view.getInt16(at + 1))
    if (type === 0xd2) return this.#took(5, view.getInt32(at + 1))
    return this.#took(9, Number(view.getBigInt64(at + 1)))
  }

  #took(bytes: number, value: number): number {
    this.#at += bytes
    return value
  }

  /** Passes over one value. @returns False when it is none, or does not end here. */
  #skip(depth: number): boolean {
    const type = this.#bytes[this.#at++]
    if (type === undefined) return false
    if (type < 0x80 || type >= 0xe0 || (type >= 0xc0 && type <= 0xc3)) return type !== 0xc1
    if (type < 0x90) return this.#skipAll(2 * (type & 0x0f), depth)
    if (type < 0xa0) return this.#skipAll(type & 0x0f, depth)
    if (type < 0xc0) return this.#skipBytes(type & 0x1f)
    const number = NUMBER_BYTES[type - 0xca]
    if (number !== undefined) return this.#skipBytes(number)
    if (type >= 0xc4 && type <= 0xc6) return this.#skipBytes(this.#length(1 << (type - 0xc4)))
    if (type >= 0xd9 && type <= 0xdb) return this.#skipBytes(this.#length(1 << (type - 0xd9)))
    if (type === 0xdc || type === 0xdd) return this.#skipAll(this.#length(type === 0xdc ? 2 : 4), depth)
    if (type === 0xde || type === 0xdf) return this.#skipAll(2 * this.#length(type === 0xde ? 2 : 4), depth)
    return false
  }

  #skipAll(count: number, depth: number): boolean {
    if (depth >= MAX_DEPTH) return false
    for (let index = 0; index < count; index++) if (!this.#skip(depth + 1)) return false
    return true
  }

  #skipBytes(count: number): boolean {
    this.#at += count
    return this.#at <= this.#bytes.length
  }

  #length(width: number): number {
    let length = 0
    for (let index = 0; index < width; index++) length = length * 256 + (this.#bytes[this.#at++] ?? 0)
    return length
  }
}

/** The bytes behind the types 0xca (float 32) to 0xd3 (int 64). */
const NUMBER_BYTES: readonly number[] = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8]
