/** The longest header, in bytes. */
export const MAX_HEADER_BYTES = 64 * 1024

/** The deepest nesting of a header; the map itself is the first level. */
const MAX_HEADER_DEPTH = 4

/**
 * Walks over a msgpack header without decoding it, to find anything that must not reach a decoder: extension types
 * (decoded by most libraries into objects of their own, whatever their options), deep nesting (exhausts the stack),
 * lengths beyond the available bytes (reserve memory), keys that are not strings, and bytes after the end.
 *
 * @param bytes - An untrusted header.
 * @returns `undefined` when it is one map that is safe to decode, otherwise the reason in one clause.
 */
export function refuseHeader(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_HEADER_BYTES) return `the header is over ${MAX_HEADER_BYTES} bytes`
  const first = bytes[0]
  if (first === undefined || !isMap(first)) return 'the header is not a msgpack map'
  return refuseMsgpack(bytes, { what: 'the header', maxDepth: MAX_HEADER_DEPTH })
}

/** The limits of {@link refuseMsgpack}. */
export interface MsgpackLimits {
  /** What the bytes are, for the reason: `the header`. */
  readonly what: string
  /** The deepest nesting; a map or an array is the first level. */
  readonly maxDepth: number
  /** Values of all kinds together. Default: as many as fit the bytes. */
  readonly maxValues?: number
}

/**
 * As {@link refuseHeader}, for any msgpack value.
 *
 * @returns `undefined` when it is one value that is safe to decode, otherwise the reason in one clause.
 */
export function refuseMsgpack(bytes: Uint8Array, limits: MsgpackLimits): string | undefined {
  const scanner = new Scanner(bytes, limits)
  try {
    scanner.value(1)
  } catch (error) {
    if (error instanceof Refusal) return `${limits.what} ${error.reason}`
    throw error
  }
  return scanner.position === bytes.length ? undefined : `${limits.what} has bytes after its end`
}

function isMap(byte: number): boolean {
  return (byte & 0xf0) === 0x80 || byte === 0xde || byte === 0xdf
}

class Refusal {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

// The data after a type byte from 0xc0 on, by the msgpack specification: a fixed number of bytes, or a length of
// `width` bytes and that many bytes, items or pairs.
type Layout =
  | { readonly fixed: number }
  | { readonly width: number; readonly of: 'bytes' | 'text' | 'items' | 'pairs' }
  | 'extension'
  | 'reserved'

const LAYOUTS: readonly Layout[] = [
  { fixed: 0 }, // c0 nil
  'reserved',
  { fixed: 0 }, // c2 false
  { fixed: 0 }, // c3 true
  { width: 1, of: 'bytes' }, // c4 bin 8
  { width: 2, of: 'bytes' },
  { width: 4, of: 'bytes' },
  'extension', // c7 ext 8
  'extension',
  'extension',
  { fixed: 4 }, // ca float 32
  { fixed: 8 },
  { fixed: 1 }, // cc uint 8
  { fixed: 2 },
  { fixed: 4 },
  { fixed: 8 },
  { fixed: 1 }, // d0 int 8
  { fixed: 2 },
  { fixed: 4 },
  { fixed: 8 },
  'extension', // d4 fixext 1
  'extension',
  'extension',
  'extension',
  'extension',
  { width: 1, of: 'text' }, // d9 str 8
  { width: 2, of: 'text' },
  { width: 4, of: 'text' },
  { width: 2, of: 'items' }, // dc array 16
  { width: 4, of: 'items' },
  { width: 2, of: 'pairs' }, // de map 16
  { width: 4, of: 'pairs' },
]

class Scanner {
  position = 0
  readonly #bytes: Uint8Array
  readonly #maxDepth: number
  #valuesLeft: number

  constructor(bytes: Uint8Array, { maxDepth, maxValues = Number.POSITIVE_INFINITY }: MsgpackLimits) {
    this.#bytes = bytes
    this.#maxDepth = maxDepth
    this.#valuesLeft = maxValues
  }

  value(depth: number): void {
    const type = this.#uint(1)
    if (this.#valuesLeft-- <= 0) throw new Refusal('has too many values')
    if (type < 0x80 || type >= 0xe0) return
    if (type < 0x90) return this.#pairs(type & 0x0f, depth)
    if (type < 0xa0) return this.#items(type & 0x0f, depth)
    if (type < 0xc0) return this.#skip(type & 0x1f)
    const layout = LAYOUTS[type - 0xc0] as Layout
    if (layout === 'extension') throw new Refusal('has an extension type')
    if (layout === 'reserved') throw new Refusal('is not msgpack')
    if ('fixed' in layout) return this.#skip(layout.fixed)
    const length = this.#uint(layout.width)
    if (layout.of === 'items') return this.#items(length, depth)
    if (layout.of === 'pairs') return this.#pairs(length, depth)
    this.#skip(length)
  }

  #items(count: number, depth: number): void {
    if (depth > this.#maxDepth) throw new Refusal(`nests deeper than ${this.#maxDepth}`)
    for (let index = 0; index < count; index++) this.value(depth + 1)
  }

  #pairs(count: number, depth: number): void {
    if (depth > this.#maxDepth) throw new Refusal(`nests deeper than ${this.#maxDepth}`)
    for (let index = 0; index < count; index++) {
      const type = this.#bytes[this.position] ?? 0
      if ((type & 0xe0) !== 0xa0 && !(type >= 0xd9 && type <= 0xdb)) {
        throw new Refusal('has a key that is not a string')
      }
      this.value(depth + 1)
      this.value(depth + 1)
    }
  }

  #uint(width: number): number {
    const start = this.position
    this.#skip(width)
    let value = 0
    for (let index = start; index < this.position; index++)
      value = value * 256 + (this.#bytes[index] as number)
    return value
  }

  #skip(count: number): void {
    if (count > this.#bytes.length - this.position) throw new Refusal('ends early')
    this.position += count
  }
}
