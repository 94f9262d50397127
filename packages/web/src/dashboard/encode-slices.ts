import { VALUES_PER_SLICE } from './history-column.ts'
import type { NumbersHistory } from './numbers-history.ts'

/** The length of the header before the slices on the WebSocket. */
export const SLICES_HEADER_BYTES = 32

const VERSION = 1
const SLICES = 2

/**
 * The slices of a history from a given one on, to the last or to a given one, as a WebSocket message. After a header of
 * 32 bytes (uint8 1, uint8 2, 2 bytes of nothing, then uint32: positions, slices, generation; float64: number of the
 * first slice, seconds since anything came) each slice is float64: time, arrays, then least, greatest and newest of
 * each position, NaN where nothing is known. The length of the longest array and the positions follow, float64 too. All
 * little-endian.
 */
export function encodeSlices(
  history: NumbersHistory,
  ordinal: number,
  positions: readonly number[],
  last = history.newest,
): Uint8Array {
  const first = Math.min(Math.max(ordinal, history.oldest), history.newest + 1)
  const count = last + 1 - first
  const stride = 2 + VALUES_PER_SLICE * positions.length
  const message = new Uint8Array(SLICES_HEADER_BYTES + (count * stride + 1 + positions.length) * 8)
  const view = new DataView(message.buffer)
  view.setUint8(0, VERSION)
  view.setUint8(1, SLICES)
  view.setUint32(4, positions.length, true)
  view.setUint32(8, count, true)
  view.setUint32(12, history.generation, true)
  view.setFloat64(16, first, true)
  view.setFloat64(24, history.silentMs / 1000, true)
  const columns = positions.map((position) => history.column(position))
  let at = SLICES_HEADER_BYTES
  const put = (value: number): void => {
    view.setFloat64(at, value, true)
    at += 8
  }
  for (let slice = first; slice < first + count; slice++) {
    for (const value of history.slice(slice)) put(value)
    for (const column of columns) {
      for (let which = 0; which < VALUES_PER_SLICE; which++) put(column?.read(slice, which) ?? Number.NaN)
    }
  }
  put(history.length)
  for (const position of positions) put(position)
  return message
}
