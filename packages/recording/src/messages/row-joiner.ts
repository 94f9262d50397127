import type { ColumnLabels, NumbersBlock } from '@zcast/shared'
import { decodeLabels } from '@zcast/schemas'
import type { NumbersRow } from './numbers-row.ts'
import { RowTimes } from './row-times.ts'

/** Rows that are joined at most. */
const MOST_ROWS = 1000
/** Numbers that are joined at most, so that wide rows do not fill the memory; a single row may have more. */
const MOST_VALUES = 1e6

/** Names and units, as they were written. */
interface WrittenLabels extends ColumnLabels {
  readonly bytes: Buffer
}

const NO_LABELS: WrittenLabels = { bytes: Buffer.alloc(0) }

/**
 * Joins rows of a topic to one block: those of an epoch that are numbered consecutively, have the same names and units,
 * and are evenly spaced.
 */
export class RowJoiner {
  /** Seconds since the Unix epoch at which the first row was recorded. */
  readonly recordedAt: number
  /** `undefined` for formats that have none. */
  readonly epoch: number | undefined
  readonly arrivalTime: boolean
  /** Rows directly before the first that were left out on purpose. */
  readonly withheld: number
  readonly #seq: number
  readonly #isUnnumbered: boolean
  readonly #times: RowTimes
  readonly #labels: WrittenLabels
  readonly #columns: number
  #data: Float64Array
  #rows = 0
  /** Seconds since the Unix epoch at which the last row was recorded. */
  #recordedUntil: number
  #isTaken = false

  /** @param before - Whose names and units it may share. */
  constructor(bytes: Buffer, view: DataView, row: NumbersRow, recordedAt: number, before?: RowJoiner) {
    this.recordedAt = recordedAt
    this.#recordedUntil = recordedAt
    this.epoch = epochOf(row)
    this.arrivalTime = row.hasArrivalTime
    this.withheld = row.withheld
    this.#seq = row.seq
    this.#isUnnumbered = row.isUnnumbered
    this.#times = new RowTimes(row.time, row.interval)
    this.#labels = before && before.#hasLabels(bytes, row) ? before.#labels : readLabels(bytes, row)
    this.#columns = row.columns
    const likely = before && before.#columns === row.columns ? before.#rows : 1
    this.#data = new Float64Array(row.columns * likely)
    this.#copy(view, row)
  }

  /**
   * Adds a row.
   *
   * @returns False when it does not belong to the others, and is not added.
   */
  add(bytes: Buffer, view: DataView, row: NumbersRow, recordedAt: number): boolean {
    const rows = this.#rows
    const isLater = recordedAt !== this.recordedAt
    // The rows of a message came at once, and the time of its first one is exact: those of a block that begins in the
    // middle of a message would fit for a few rows only.
    const mayMix = row.interval === 0 && (rows === 1 || this.#recordedUntil > this.recordedAt)
    if (this.#isTaken || rows >= MOST_ROWS || (isLater && !mayMix)) return false
    if ((rows + 1) * this.#columns > MOST_VALUES) return false
    if (row.seq !== this.#seq + rows || epochOf(row) !== this.epoch || row.columns !== this.#columns)
      return false
    if (row.hasArrivalTime !== this.arrivalTime || row.isUnnumbered !== this.#isUnnumbered) return false
    if (!this.#hasLabels(bytes, row) || !this.#times.add(row.time, rows)) return false
    this.#recordedUntil = recordedAt
    this.#copy(view, row)
    return true
  }

  /** Seconds since the Unix epoch at which the last row was recorded, unless all came at one moment. */
  get recordedUntil(): number | undefined {
    return this.#recordedUntil > this.recordedAt ? this.#recordedUntil : undefined
  }

  /** The rows as a block; none is added afterwards. */
  block(): NumbersBlock {
    this.#isTaken = true
    const { names, units } = this.#labels
    const [rows, columns] = [this.#rows, this.#columns]
    const interval = this.#times.interval(rows)
    return {
      kind: 'numbers',
      seq: this.#isUnnumbered ? undefined : this.#seq,
      time: this.#times.first,
      ...(interval !== undefined && { interval }),
      rows,
      columns,
      data: this.#data.length === rows * columns ? this.#data : this.#data.slice(0, rows * columns),
      ...(names && { names }),
      ...(units && { units }),
    }
  }

  #hasLabels(bytes: Buffer, { labelsAt, labelsEnd }: NumbersRow): boolean {
    const own = this.#labels.bytes
    if (own.length !== labelsEnd - labelsAt) return false
    return own.length === 0 || bytes.compare(own, 0, own.length, labelsAt, labelsEnd) === 0
  }

  #copy(view: DataView, { valuesAt }: NumbersRow): void {
    const columns = this.#columns
    const to = this.#rows * columns
    if (to + columns > this.#data.length) {
      const larger = new Float64Array(Math.min(2 * this.#data.length, MOST_ROWS * columns, MOST_VALUES))
      larger.set(this.#data)
      this.#data = larger
    }
    const data = this.#data
    for (let column = 0; column < columns; column++)
      data[to + column] = view.getFloat64(valuesAt + column * 8, true)
    this.#rows += 1
  }
}

function epochOf({ epoch, isUnnumbered }: NumbersRow): number | undefined {
  return isUnnumbered && epoch === 0 ? undefined : epoch
}

function readLabels(bytes: Buffer, { labelsAt, labelsEnd, columns }: NumbersRow): WrittenLabels {
  if (labelsAt === labelsEnd) return NO_LABELS
  const own = Buffer.from(bytes.subarray(labelsAt, labelsEnd))
  return { bytes: own, ...decodeLabels(own, columns) }
}
