import type { ColumnLabels, Envelope, NumbersBlock } from '@zcast/shared'

/** One row as a JSON object and a line end, with names and units where they are given. */
export function formatJsonLine(
  envelope: Envelope,
  block: NumbersBlock,
  row: number,
  { values, ...labels }: ColumnLabels & { readonly values: readonly number[] },
): string {
  // Looking for a zero of either sign first is faster.
  if (values.includes(0) && values.some((value) => Object.is(value, -0)))
    return `${beginJsonLine(envelope, block, row, labels)}${formatJsonValues(values)}${JSON_LINE_END}`
  return `${stringifyRow(envelope, block, row, { ...labels, values })}\n`
}

/** What comes before the values of a line that is written in pieces. */
export function beginJsonLine(
  envelope: Envelope,
  block: NumbersBlock,
  row: number,
  labels?: ColumnLabels,
): string {
  return stringifyRow(envelope, block, row, { ...labels, values: [] }).slice(0, -2)
}

/** Formats values with commas between them. */
export function formatJsonValues(values: readonly number[]): string {
  // JSON.stringify writes -0 as 0.
  return values.map((value) => (Object.is(value, -0) ? '-0' : JSON.stringify(value))).join(',')
}

/** The part after the values. */
export const JSON_LINE_END = ']}\n'

function stringifyRow(
  { topic, epoch, retained, arrivalTime }: Envelope,
  block: NumbersBlock,
  row: number,
  { names, units, values }: ColumnLabels & { readonly values: readonly number[] },
): string {
  const seq = block.seq === undefined ? undefined : block.seq + row
  const time = arrivalTime ? undefined : block.time + row * (block.interval ?? 0)
  return JSON.stringify({ topic, epoch, seq, time, retained, names, units, values })
}
