/** What a field holds: a number, or the bytes of a text, a list or another message. */
export type FieldValue = number | Uint8Array

/**
 * Calls `visit` with each field of a protobuf message.
 *
 * @returns False when the bytes are no protobuf message.
 */
export function readFields(data: Uint8Array, visit: (field: number, value: FieldValue) => void): boolean {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let offset = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; offset < data.byteLength; scale *= 0x80) {
      const byte = data[offset++] as number
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    return Number.NaN
  }
  while (offset < data.byteLength) {
    const tag = varint()
    const field = Math.floor(tag / 8)
    if (!(field > 0)) return false
    const wire = tag % 8
    if (wire === 0) {
      const value = varint()
      if (Number.isNaN(value)) return false
      visit(field, value)
      continue
    }
    const length = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? varint() : Number.NaN
    if (!(offset + length <= data.byteLength)) return false
    if (wire === 1) visit(field, view.getFloat64(offset, true))
    else if (wire === 5) visit(field, view.getUint32(offset, true))
    else visit(field, data.subarray(offset, offset + length))
    offset += length
  }
  return true
}
