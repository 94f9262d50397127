/** What {@link pack} writes. */
export type Packable =
  null | boolean | number | string | Uint8Array | readonly Packable[] | { readonly [key: string]: Packable }

/**
 * Writes msgpack by the specification alone, as a stranger's library would: whole numbers as float64 where they do not
 * fit 32 bits, everything else in its shortest form.
 */
export function pack(value: Packable): Buffer {
  if (value === null) return Buffer.of(0xc0)
  if (typeof value === 'boolean') return Buffer.of(value ? 0xc3 : 0xc2)
  if (typeof value === 'number') return packNumber(value)
  if (typeof value === 'string') return prefixed(Buffer.from(value), [0xa0, 32], 0xda)
  if (value instanceof Uint8Array) return prefixed(value, [0, 0], 0xc5)
  if (Array.isArray(value)) {
    return Buffer.concat([
      prefix(value.length, [0x90, 16], 0xdc),
      ...value.map((item: Packable) => pack(item)),
    ])
  }
  const entries = Object.entries(value as Record<string, Packable>)
  return Buffer.concat([
    prefix(entries.length, [0x80, 16], 0xde),
    ...entries.flatMap(([key, item]) => [pack(key), pack(item)]),
  ])
}

function packNumber(value: number): Buffer {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) {
    if (value < 128) return Buffer.of(value)
    const bytes = Buffer.alloc(5, 0xce)
    bytes.writeUInt32BE(value, 1)
    return bytes
  }
  const bytes = Buffer.alloc(9, 0xcb)
  bytes.writeDoubleBE(value, 1)
  return bytes
}

function prefixed(bytes: Uint8Array, short: readonly [number, number], long: number): Buffer {
  return Buffer.concat([prefix(bytes.length, short, long), bytes])
}

/** @param short - Type byte and first length that no longer fits it. @param long - Type byte before a 16-bit length. */
function prefix(length: number, [type, limit]: readonly [number, number], long: number): Buffer {
  if (length < limit) return Buffer.of(type + length)
  const bytes = Buffer.alloc(3, long)
  bytes.writeUInt16BE(length, 1)
  return bytes
}
