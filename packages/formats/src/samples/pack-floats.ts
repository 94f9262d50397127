/** A number as the 64-bit float of msgpack, also a whole one, which libraries would pack as an integer. */
export function packFloat(value: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(9))
  bytes.setUint8(0, 0xcb)
  bytes.setFloat64(1, value)
  return new Uint8Array(bytes.buffer)
}

/** An array of such numbers. */
export function packFloats(values: Float64Array): Uint8Array {
  const head = packHead('array', values.length)
  const bytes = new DataView(new ArrayBuffer(head.length + values.length * 9))
  new Uint8Array(bytes.buffer).set(head)
  let at = head.length
  for (const value of values) {
    bytes.setUint8(at, 0xcb)
    bytes.setFloat64(at + 1, value)
    at += 9
  }
  return new Uint8Array(bytes.buffer)
}

const TYPES = { array: { fixed: 0x90, wide: 0xdc }, map: { fixed: 0x80, wide: 0xde } }

/** The beginning of an array or a map of so many items or pairs. */
export function packHead(type: keyof typeof TYPES, count: number): Uint8Array {
  const { fixed, wide } = TYPES[type]
  if (count < 16) return Uint8Array.of(fixed | count)
  if (count < 2 ** 16) return Uint8Array.of(wide, count >> 8, count & 0xff)
  return Uint8Array.of(wide + 1, count >>> 24, (count >> 16) & 0xff, (count >> 8) & 0xff, count & 0xff)
}
