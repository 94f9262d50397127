import type { NumpyArray, NumpyType } from './numpy-array.ts'

type ReadItem = (view: DataView, at: number, isLittleEndian: boolean) => number

const READERS: Readonly<Record<string, ReadItem>> = {
  f8: (view, at, little) => view.getFloat64(at, little),
  f4: (view, at, little) => view.getFloat32(at, little),
  f2: (view, at, little) => toFloat(view.getUint16(at, little)),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  i4: (view, at, little) => view.getInt32(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  i1: (view, at) => view.getInt8(at),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  u4: (view, at, little) => view.getUint32(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  u1: (view, at) => view.getUint8(at),
  b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
}

/** The numbers of an array that was filled, row by row. */
export function valuesOf({ type, data, shape, isFortran }: NumpyArray): Float64Array {
  const { code, bytes, isLittleEndian } = type as NumpyType
  const { buffer, byteOffset, byteLength } = data as Uint8Array
  const view = new DataView(buffer, byteOffset, byteLength)
  const read = READERS[code] as ReadItem
  const values = new Float64Array(byteLength / bytes)
  for (let index = 0; index < values.length; index++)
    values[index] = read(view, index * bytes, isLittleEndian)
  return isFortran && shape.length === 2 ? transpose(values, shape[0] as number, shape[1] as number) : values
}

/** Column by column becomes row by row. */
function transpose(values: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      turned[row * columns + column] = values[column * rows + row] as number
  }
  return turned
}

/** A 16-bit floating-point number. */
function toFloat(bits: number): number {
  const sign = bits & 0x80_00 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3_ff
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}
