import type { NumbersBlock } from '@zcast/shared'
import { isSameLabels } from '@zcast/shared/internal'
import type { RecordedBlock } from '@zcast/subscribers'

/** Times that differ by less are the same. */
const PRECISION = 1e-6

interface Rows {
  readonly first: RecordedBlock
  readonly blocks: NumbersBlock[]
}

/** Makes one block again of rows of numbers that came as one. */
export async function* joinRows(values: AsyncIterable<RecordedBlock>): AsyncGenerator<RecordedBlock> {
  let open: Rows | undefined
  for await (const value of values) {
    const { block } = value.envelope
    if (open && block.kind === 'numbers' && isNextRow(open, value, block)) {
      open.blocks.push(block)
      continue
    }
    if (open) yield join(open)
    open = undefined
    if (block.kind === 'numbers') open = { first: value, blocks: [block] }
    else yield value
  }
  if (open) yield join(open)
}

function isNextRow(
  { first, blocks }: Rows,
  { recordedAt, envelope }: RecordedBlock,
  row: NumbersBlock,
): boolean {
  const [head] = blocks as [NumbersBlock]
  const { topic, epoch, arrivalTime } = first.envelope
  const isTime = Math.abs(row.time - head.time - blocks.length * (head.interval ?? 0)) < PRECISION
  const isSeq = row.seq === (head.seq === undefined ? undefined : head.seq + blocks.length)
  return (
    recordedAt === first.recordedAt &&
    envelope.topic === topic &&
    envelope.epoch === epoch &&
    envelope.arrivalTime === arrivalTime &&
    row.columns === head.columns &&
    row.interval === head.interval &&
    isTime &&
    isSeq &&
    isSameLabels(row, head)
  )
}

function join({ first, blocks }: Rows): RecordedBlock {
  const [head] = blocks as [NumbersBlock]
  if (blocks.length === 1) return first
  const data = new Float64Array(blocks.length * head.columns)
  for (const [row, block] of blocks.entries()) data.set(block.data, row * head.columns)
  return { ...first, envelope: { ...first.envelope, block: { ...head, rows: blocks.length, data } } }
}
