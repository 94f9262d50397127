import type { ColumnLabels } from '@zcast/shared'

/** One row of numbers that was read from a line. */
export interface LineRow {
  /** NaN stands for a missing value. */
  readonly data: Float64Array
  /** The same object as long as names and units stay the same. Default: unknown. */
  readonly labels?: ColumnLabels | undefined
  /** The line's own time, in seconds. Default: it has none. */
  readonly time?: number | undefined
  /** True where `time` counts from anything but the Unix epoch, as seconds since a device was started do. */
  readonly isElapsed?: boolean | undefined
}

/** What a line is: rows; what is wrong with it, in a clause; or nothing, as a heading is. */
export type LineReading = LineRow | readonly LineRow[] | string | undefined
