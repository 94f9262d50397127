import { rowsOf } from '@zcast/shared/internal'
import type { NumbersBlock } from '@zcast/shared'

/** Keys of ours that no column may be called. */
const RESERVED: ReadonlySet<string> = new Set(['seq', 'epoch', 'time', 'timestamp', 'retained', 'values'])

/** The names of the columns, when they can be the keys of an object beside ours. */
export function keysOf(names: readonly string[] = []): readonly string[] | undefined {
  const areKeys = new Set(names).size === names.length && !names.some((name) => RESERVED.has(name))
  return names.length > 0 && areKeys ? names : undefined
}

/** One row of a block. */
export interface SampleRow {
  readonly time: number
  readonly seq: number | undefined
  readonly values: Float64Array
}

/** The rows of a block, each with its own number and time. */
export function rowsOfBlock(block: NumbersBlock): readonly SampleRow[] {
  const { seq, time, interval = 0 } = block
  return [...rowsOf(block)].map((values, row) => ({
    time: time + row * interval,
    seq: seq === undefined ? undefined : seq + row,
    values,
  }))
}
