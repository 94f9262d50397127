import { ADDED } from '@zcast/schemas'

/** Wire types and numbers of the fields of `zcast.Numbers`, as they are written before each. */
const TIMESTAMP = 10
const VALUES = 18
const SEQ = 24
const EPOCH = 32
const NAMES = 42
const UNITS = 50
const INTERVAL = 57
const UNNUMBERED = ADDED.unnumbered * 8
const ARRIVAL_TIME = ADDED.arrivalTime * 8
const WITHHELD = ADDED.withheld * 8
const SECONDS = 8
const NANOSECONDS = 16

const MOST_EPOCH = 2 ** 32 - 1

/** Reads one row of numbers after another, without making anything: ten times as fast as field by field. */
export class NumbersRow {
  /** Seconds since the Unix epoch. */
  time = 0
  seq = 0
  epoch = 0
  columns = 0
  /** Where its values are: 8 bytes each. */
  valuesAt = 0
  /** Seconds between the rows that it came with; 0 when that is not known. */
  interval = 0
  isUnnumbered = false
  hasArrivalTime = false
  /** Rows directly before it that were left out on purpose. */
  withheld = 0
  /** Where its names and units are; the same place twice when it has none. */
  labelsAt = 0
  labelsEnd = 0
  #bytes: Uint8Array = new Uint8Array()
  #at = 0

  /**
   * Reads a row.
   *
   * @returns False when it is not as zcast writes it: another order of the fields, or no row at all.
   */
  read(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    this.#bytes = bytes
    this.#at = start
    this.time = this.seq = this.epoch = this.columns = this.interval = this.withheld = 0
    this.isUnnumbered = this.hasArrivalTime = false
    this.labelsAt = this.labelsEnd = end
    while (this.#at < end) {
      const at = this.#at
      const tag = this.#varint()
      if (tag === NAMES || tag === UNITS) {
        if (this.labelsAt === end) this.labelsAt = at
        else if (this.labelsEnd !== at) return false
      }
      if (tag === SEQ) this.seq = this.#varint()
      else if (tag === EPOCH) this.epoch = this.#varint()
      else if (tag === UNNUMBERED) this.isUnnumbered = this.#varint() !== 0
      else if (tag === ARRIVAL_TIME) this.hasArrivalTime = this.#varint() !== 0
      else if (tag === WITHHELD) this.withheld = this.#varint()
      else if (tag === INTERVAL) {
        if (this.#at + 8 > end) return false
        this.interval = view.getFloat64(this.#at, true)
        this.#at += 8
      } else if (tag === TIMESTAMP || tag === VALUES || tag === NAMES || tag === UNITS) {
        if (!this.#readBytes(tag, end)) return false
      } else return false
    }
    return this.#at === end && this.columns > 0 && Number.isInteger(this.columns) && this.#isPossible()
  }

  /** False for what no stream has, as a damaged file may: it would spoil whatever counts with it. */
  #isPossible(): boolean {
    const isInterval = Number.isFinite(this.interval) && this.interval >= 0
    const isWithheld = this.withheld <= this.seq
    const isEpoch = Number.isInteger(this.epoch) && this.epoch <= MOST_EPOCH
    return Number.isSafeInteger(this.seq) && isEpoch && Number.isFinite(this.time) && isInterval && isWithheld
  }

  #readBytes(tag: number, end: number): boolean {
    const length = this.#varint()
    const at = this.#at
    if (!(at + length <= end)) return false
    if (tag === VALUES) {
      this.valuesAt = at
      this.columns = length / 8
    } else if (tag === TIMESTAMP) {
      if (!this.#readTime(at + length)) return false
    } else this.labelsEnd = at + length
    this.#at = at + length
    return true
  }

  #readTime(end: number): boolean {
    let seconds = 0
    let nanoseconds = 0
    while (this.#at < end) {
      const tag = this.#bytes[this.#at]
      this.#at += 1
      if (tag === SECONDS) seconds = this.#varint()
      else if (tag === NANOSECONDS) nanoseconds = this.#varint()
      else return false
    }
    this.time = seconds + nanoseconds / 1e9
    return this.#at === end
  }

  #varint(): number {
    let value = 0
    for (let scale = 1; this.#at < this.#bytes.length; scale *= 0x80) {
      const byte = this.#bytes[this.#at] as number
      this.#at += 1
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    return Number.NaN
  }
}
