/** `"retained": true`, as msgpack. */
const RETAINED = Buffer.from('a872657461696e6564c3', 'hex')

/**
 * Adds to a header of the wire format that its value was sent before. One that says so already, or is no map that one
 * key more fits into, is returned as it is.
 */
export function markRetained(header: Uint8Array): Uint8Array {
  const bytes = Buffer.from(header)
  if (bytes.includes(RETAINED.subarray(0, -1))) return header
  const first = bytes[0] ?? 0
  if ((first & 0xf0) === 0x80 && first < 0x8f) bytes[0] = first + 1
  else if (first === 0xde && bytes.length >= 3 && bytes.readUInt16BE(1) < 0xffff)
    bytes.writeUInt16BE(bytes.readUInt16BE(1) + 1, 1)
  else return header
  return Buffer.concat([bytes, RETAINED])
}
