/** Says that bytes are not a header by the rules of `docs/wire-format.md`. */
export class BadHeader extends Error {}

const MAX_BYTES = 65_536
const MAX_DEPTH = 4

/**
 * Reads a header by the msgpack specification and the rules of `docs/wire-format.md` alone: a judge of what zcast's own
 * reader does, so it shares nothing with it. A key that comes twice has its last value.
 *
 * @throws {@link BadHeader} when it breaks a rule.
 */
export function readHeader(bytes: Buffer): ReadonlyMap<string, unknown> {
  if (bytes.length > MAX_BYTES) throw new BadHeader('too long')
  const reader = new Reader(bytes)
  const value = reader.value(1)
  if (!(value instanceof Map) || reader.left > 0) throw new BadHeader('not one map')
  return value as ReadonlyMap<string, unknown>
}

class Reader {
  #at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  value(depth: number): unknown {
    const type = this.#take(1)[0] as number
    if (type <= 0x7f) return type
    if (type <= 0x8f) return this.#map(type & 15, depth)
    if (type <= 0x9f) return this.#array(type & 15, depth)
    if (type <= 0xbf) return this.#text(type & 31)
    if (type >= 0xe0) return type - 256
    switch (type) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#take(this.#uint(2 ** (type - 0xc4)))
      case 0xca:
        return this.#take(4).readFloatBE()
      case 0xcb:
        return this.#take(8).readDoubleBE()
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#uint(2 ** (type - 0xcc))
      case 0xcf:
        return Number(this.#take(8).readBigUInt64BE())
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const width = 2 ** (type - 0xd0)
        return this.#take(width).readIntBE(0, width)
      }
      case 0xd3:
        return Number(this.#take(8).readBigInt64BE())
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#uint(2 ** (type - 0xd9)))
      case 0xdc:
      case 0xdd:
        return this.#array(this.#uint(2 ** (type - 0xdb)), depth)
      case 0xde:
      case 0xdf:
        return this.#map(this.#uint(2 ** (type - 0xdd)), depth)
      default:
        throw new BadHeader('an extension, or no msgpack')
    }
  }

  #map(count: number, depth: number): Map<string, unknown> {
    if (depth > MAX_DEPTH) throw new BadHeader('too deep')
    const map = new Map<string, unknown>()
    for (let index = 0; index < count; index++) {
      const key = this.value(depth + 1)
      if (typeof key !== 'string') throw new BadHeader('a key that is no text')
      map.set(key, this.value(depth + 1))
    }
    return map
  }

  #array(count: number, depth: number): unknown[] {
    if (depth > MAX_DEPTH) throw new BadHeader('too deep')
    const values: unknown[] = []
    for (let index = 0; index < count; index++) values.push(this.value(depth + 1))
    return values
  }

  #text(length: number): string {
    return this.#take(length).toString('utf8')
  }

  #uint(width: number): number {
    return this.#take(width).readUIntBE(0, width)
  }

  #take(count: number): Buffer {
    if (count > this.left) throw new BadHeader('ends early')
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }
}
