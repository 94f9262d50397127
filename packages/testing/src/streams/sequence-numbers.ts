import { type Block, valueCount } from '@zcast/shared'

/** The sequence number of each value of a block: of each row of numbers. */
export function sequenceNumbers(block: Block): readonly number[] {
  return Array.from({ length: valueCount(block) }, (_, row) => (block.seq ?? Number.NaN) + row)
}
