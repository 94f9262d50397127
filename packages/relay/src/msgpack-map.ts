/** One entry of a msgpack map: its key, and where it begins, where its value begins, and where it ends. */
export interface MapEntry {
  readonly key: string
  readonly start: number
  readonly valueAt: number
  readonly end: number
}

/** The bytes after a type byte from 0xc0 on: a number of them, or the width of a length and what it counts. */
const FIXED: Readonly<Record<number, number>> = {
  0xc0: 0,
  0xc2: 0,
  0xc3: 0,
  0xca: 4,
  0xcb: 8,
  0xcc: 1,
  0xcd: 2,
  0xce: 4,
  0xcf: 8,
  0xd0: 1,
  0xd1: 2,
  0xd2: 4,
  0xd3: 8,
}
const BYTES: Readonly<Record<number, number>> = { 0xc4: 1, 0xc5: 2, 0xc6: 4, 0xd9: 1, 0xda: 2, 0xdb: 4 }
const ITEMS: Readonly<Record<number, number>> = { 0xdc: 2, 0xdd: 4 }
const PAIRS: Readonly<Record<number, number>> = { 0xde: 2, 0xdf: 4 }

/**
 * The entries of a msgpack map that a codec has accepted, without decoding their values.
 *
 * @param bytes - A whole map, checked by `refuseHeader`.
 */
export function mapEntries(bytes: Uint8Array): readonly MapEntry[] {
  const type = bytes[0] as number
  const width = PAIRS[type]
  const count = width === undefined ? type & 0x0f : readUint(bytes, 1, width)
  let at = 1 + (width ?? 0)
  const entries: MapEntry[] = []
  for (let index = 0; index < count; index++) {
    const start = at
    const valueAt = skip(bytes, at)
    at = skip(bytes, valueAt)
    entries.push({ key: keyOf(bytes, start, valueAt), start, valueAt, end: at })
  }
  return entries
}

/** Reads a msgpack value as a whole number that is not negative; `undefined` for anything else. */
export function uintAt(bytes: Uint8Array, at: number): number | undefined {
  const type = bytes[at] as number
  if (type < 0x80) return type
  return type >= 0xcc && type <= 0xce ? readUint(bytes, at + 1, FIXED[type] as number) : undefined
}

/** The first bytes of a map with so many entries. */
export function mapHead(count: number): Uint8Array {
  return count < 16 ? Uint8Array.of(0x80 | count) : Uint8Array.of(0xde, count >> 8, count & 0xff)
}

function skip(bytes: Uint8Array, at: number): number {
  const type = bytes[at] as number
  if (type < 0x80 || type >= 0xe0) return at + 1
  if (type < 0x90) return skipMany(bytes, at + 1, (type & 0x0f) * 2)
  if (type < 0xa0) return skipMany(bytes, at + 1, type & 0x0f)
  if (type < 0xc0) return at + 1 + (type & 0x1f)
  const fixed = FIXED[type]
  if (fixed !== undefined) return at + 1 + fixed
  const width = BYTES[type]
  if (width !== undefined) return at + 1 + width + readUint(bytes, at + 1, width)
  const items = ITEMS[type]
  if (items !== undefined) return skipMany(bytes, at + 1 + items, readUint(bytes, at + 1, items))
  const pairs = PAIRS[type] as number
  return skipMany(bytes, at + 1 + pairs, readUint(bytes, at + 1, pairs) * 2)
}

function skipMany(bytes: Uint8Array, from: number, count: number): number {
  let at = from
  for (let index = 0; index < count; index++) at = skip(bytes, at)
  return at
}

function keyOf(bytes: Uint8Array, start: number, end: number): string {
  const type = bytes[start] as number
  const head = type < 0xc0 ? 1 : 1 + (BYTES[type] as number)
  return Buffer.from(bytes.buffer, bytes.byteOffset + start + head, end - start - head).toString('latin1')
}

function readUint(bytes: Uint8Array, at: number, width: number): number {
  let value = 0
  for (let index = at; index < at + width; index++) value = value * 256 + (bytes[index] as number)
  return value
}
