import type { NumbersBlock } from '@zcast/shared'

/** Length of the header before the slices on the WebSocket. */
export const SLICES_HEADER_BYTES = 32

/** Slices that are kept: ten minutes of a stream that has something in each. */
const CAPACITY = 6000
const SLICE_SECONDS = 0.1
/** A chart of more lines tells nobody anything; later positions are left out. */
const MAX_COLUMNS = 32
/** A clock may be put back by as much without the history being dropped. */
const BACKWARD_SECONDS = 1

const VERSION = 1
const SLICES = 2
/** Of each position in a slice: least, greatest and newest. */
const VALUES = 3

/**
 * The last minutes of a stream of arrays, in slices of a tenth of a second: each holds the time of its first array,
 * how many there were, and the least, the greatest and the newest value of each position. What is kept, and what is
 * sent, is therefore the same for ten arrays a second and for a million.
 */
export class NumbersHistory {
  #ring = new Float64Array(0)
  #columns = 0
  #next = 0
  #oldest = 0
  #generation = 0
  #slice = Number.NEGATIVE_INFINITY
  #version = 0
  #addedAtMs = 0

  /** Changes with everything that is added. */
  get version(): number {
    return this.#version
  }

  /** The slice that is still growing; -1 before the first. */
  get newest(): number {
    return this.#next - 1
  }

  /** Changes when the history begins anew: another number of positions, or a clock that was put back. */
  get generation(): number {
    return this.#generation
  }

  /** Takes in rows of numbers. */
  add(block: NumbersBlock): void {
    const columns = Math.min(block.columns, MAX_COLUMNS)
    if (columns !== this.#columns) this.#restart(columns)
    for (let row = 0; row < block.rows; row++) {
      this.#addRow(block.data, row * block.columns, block.time + row * (block.interval ?? 0))
    }
    this.#version += 1
    this.#addedAtMs = performance.now()
  }

  /**
   * The slices from a given one on, as a WebSocket message. After a header of 32 bytes (uint8 1, uint8 2, 2 bytes of
   * nothing, then uint32: positions, slices, generation; float64: number of the first slice, seconds since anything
   * came) each slice is float64: time, arrays, then least, greatest and newest of each position. All little-endian.
   */
  encodeFrom(ordinal: number): Uint8Array {
    const first = Math.min(Math.max(ordinal, this.#oldest), this.#next)
    const count = this.#next - first
    const stride = this.#stride
    const message = new Uint8Array(SLICES_HEADER_BYTES + count * stride * 8)
    const view = new DataView(message.buffer)
    view.setUint8(0, VERSION)
    view.setUint8(1, SLICES)
    view.setUint32(4, this.#columns, true)
    view.setUint32(8, count, true)
    view.setUint32(12, this.#generation, true)
    view.setFloat64(16, first, true)
    view.setFloat64(24, (performance.now() - this.#addedAtMs) / 1000, true)
    for (let index = 0; index < count; index++) {
      const from = ((first + index) % CAPACITY) * stride
      for (let field = 0; field < stride; field++) {
        const value = this.#ring[from + field] as number
        view.setFloat64(SLICES_HEADER_BYTES + (index * stride + field) * 8, value, true)
      }
    }
    return message
  }

  get #stride(): number {
    return 2 + VALUES * this.#columns
  }

  #restart(columns: number): void {
    if (columns !== this.#columns) this.#ring = new Float64Array(CAPACITY * (2 + VALUES * columns))
    this.#columns = columns
    this.#generation += 1
    this.#next = 0
    this.#oldest = 0
    this.#slice = Number.NEGATIVE_INFINITY
  }

  #addRow(data: Float64Array, offset: number, time: number): void {
    const slice = Math.floor(time / SLICE_SECONDS)
    if (slice < this.#slice - BACKWARD_SECONDS / SLICE_SECONDS) this.#restart(this.#columns)
    const ring = this.#ring
    if (slice > this.#slice) {
      this.#slice = slice
      const at = (this.#next % CAPACITY) * this.#stride
      this.#next += 1
      this.#oldest = Math.max(this.#oldest, this.#next - CAPACITY)
      ring[at] = time
      ring[at + 1] = 1
      for (let column = 0; column < this.#columns; column++) {
        const value = data[offset + column] as number
        ring.fill(value, at + 2 + VALUES * column, at + 2 + VALUES * (column + 1))
      }
      return
    }
    const at = (this.newest % CAPACITY) * this.#stride
    ring[at + 1] = (ring[at + 1] as number) + 1
    for (let column = 0; column < this.#columns; column++) {
      const value = data[offset + column] as number
      const least = at + 2 + VALUES * column
      if (value < (ring[least] as number)) ring[least] = value
      if (value > (ring[least + 1] as number)) ring[least + 1] = value
      ring[least + 2] = value
    }
  }
}
