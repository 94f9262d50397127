import type { ColumnLabels, NumbersBlock } from '@zcast/shared'
import { decodeLabels } from '@zcast/schemas'
import type { NumbersRow } from './numbers-row.ts'

/** Rows that are joined at most. */
const MOST_ROWS = 1000

/** Names and units, as they were written. */
interface WrittenLabels extends ColumnLabels {
  readonly bytes: Buffer
}

const NO_LABELS: WrittenLabels = { bytes: Buffer.alloc(0) }

/**
 * Joins rows of a topic to one block: those of an epoch that are numbered consecutively, have the same names and units,
 * and are evenly spaced, so that the time of each row comes out exactly as it was.
 */
export class RowJoiner {
  #labels: WrittenLabels
  #data: Float64Array
  #rows = 0
  #columns = 0
  #seq = 0
  #time = 0
  /** As it was sent; 0 when that is not known. */
  readonly #interval: number
  /** Between which the interval is, so far. */
  #least = 0
  #most = 0
  /** What is nearer to a time than this is rounded to the very same number. */
  readonly #half: number
  #isTaken = false
  readonly epoch: number

  /** Seconds since the Unix epoch at which the first row was recorded. */
  readonly recordedAt: number
  /** True when the rows were not recorded at the same moment. */
  #isMixed = false

  /** @param before - Whose names and units it may share. */
  constructor(bytes: Buffer, view: DataView, row: NumbersRow, recordedAt: number, before?: RowJoiner) {
    this.recordedAt = recordedAt
    this.#labels = before?.labelsAre(bytes, row) ? before.#labels : readLabels(bytes, row)
    this.#columns = row.columns
    this.#data = new Float64Array(row.columns * (before && before.#rows > 1 ? before.#rows : 1))
    this.#seq = row.seq
    this.#time = row.time
    this.#interval = row.interval
    this.#half = 2 ** (Math.floor(Math.log2(row.time)) - 53) * (1 - 1e-9)
    this.epoch = row.epoch
    this.#copy(view, row)
  }

  /** Adds a row. @returns False when it does not belong to the others, and is not added. */
  add(bytes: Buffer, view: DataView, row: NumbersRow, recordedAt: number): boolean {
    const rows = this.#rows
    const isLater = recordedAt !== this.recordedAt
    // The rows of a message came at once. The time of its first one is exact: those of a block that begins in its middle
    // would fit for a few rows only.
    if (isLater && rows > 1 && !this.#isMixed) return false
    if (this.#isTaken || row.seq !== this.#seq + rows) return false
    if (row.epoch !== this.epoch || row.interval !== this.#interval || row.columns !== this.#columns)
      return false
    if (rows >= MOST_ROWS || !this.labelsAre(bytes, row)) return false
    const apart = row.time - this.#time
    const least = (apart - this.#half) / rows
    const most = (apart + this.#half) / rows
    if (rows === 1) {
      if (most < 0) return false
      this.#least = least
      this.#most = most
    } else {
      if (least > this.#most || most < this.#least) return false
      if (least > this.#least) this.#least = least
      if (most < this.#most) this.#most = most
    }
    this.#isMixed ||= isLater
    this.#copy(view, row)
    return true
  }

  /** The rows as a block; nothing may be added afterwards. */
  block(): NumbersBlock {
    this.#isTaken = true
    const { names, units } = this.#labels
    const [rows, columns] = [this.#rows, this.#columns]
    const interval = this.#interval || rows === 1 ? this.#interval : roundestBetween(this.#least, this.#most)
    return {
      kind: 'numbers',
      seq: this.#seq,
      time: this.#time,
      ...(interval > 0 && { interval }),
      rows,
      columns,
      data: this.#data.length === rows * columns ? this.#data : this.#data.subarray(0, rows * columns),
      ...(names && { names }),
      ...(units && { units }),
    }
  }

  /** True when a row has the same names and units. */
  labelsAre(bytes: Buffer, { labelsAt, labelsEnd }: NumbersRow): boolean {
    const own = this.#labels.bytes
    if (own.length !== labelsEnd - labelsAt) return false
    return own.length === 0 || bytes.compare(own, 0, own.length, labelsAt, labelsEnd) === 0
  }

  #copy(view: DataView, { valuesAt }: NumbersRow): void {
    const columns = this.#columns
    const to = this.#rows * columns
    if (to + columns > this.#data.length) {
      const larger = new Float64Array(Math.min(2 * this.#data.length, MOST_ROWS * columns))
      larger.set(this.#data)
      this.#data = larger
    }
    const data = this.#data
    for (let column = 0; column < columns; column++)
      data[to + column] = view.getFloat64(valuesAt + column * 8, true)
    this.#rows += 1
  }
}

function readLabels(bytes: Buffer, { labelsAt, labelsEnd, columns }: NumbersRow): WrittenLabels {
  if (labelsAt === labelsEnd) return NO_LABELS
  const own = Buffer.from(bytes.subarray(labelsAt, labelsEnd))
  return { bytes: own, ...decodeLabels(own, columns) }
}

/** The number of fewest digits between two; 0 when it is between them. */
function roundestBetween(least: number, most: number): number {
  if (least <= 0) return 0
  const middle = (least + most) / 2
  for (let digits = 1e3; digits <= 1e9; digits *= 10) {
    const rounded = Math.round(middle * digits) / digits
    if (rounded >= least && rounded <= most) return rounded
  }
  return middle
}
