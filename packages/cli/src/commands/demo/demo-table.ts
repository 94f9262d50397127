import type { SummaryReport } from '../../command-context.ts'
import type { SupervisedProcess } from '../../process/supervised-process.ts'

/** A line of the demo's table; also the items of `zcast demo --json`. */
export interface DemoRow {
  readonly name: string
  readonly sent?: number
  readonly received?: number
  readonly lost: number | null
  readonly latencyMs: SummaryReport['latencyMs']
}

/** The report of each process at its end; one that died without a report has only its name. */
export function demoRows(
  processes: readonly Pick<SupervisedProcess, 'name' | 'summary'>[],
): readonly DemoRow[] {
  return processes.map(({ name, summary }) => {
    if (!summary) return { name, lost: null, latencyMs: null }
    const { type: _, ...figures } = summary
    return { name, ...figures }
  })
}

const HEADINGS = ['process', 'sent', 'received', 'lost', 'latency p50', 'p99']

/** Formats the rows as a table for people: text on the left, figures on the right. */
export function formatTable(rows: readonly DemoRow[]): string {
  const cells = [HEADINGS, ...rows.map(formatRow)]
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((row) => (row[column] as string).length)))
  const lines = cells.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
    ),
  )
  return lines.map((line) => `${line.join('  ')}\n`).join('')
}

function formatRow({ name, sent, received, lost, latencyMs }: DemoRow): string[] {
  const milliseconds = (value: number | undefined): string =>
    value === undefined ? '-' : `${value.toFixed(1)} ms`
  const figures = [sent, received, sent === undefined ? lost : undefined].map((figure) =>
    String(figure ?? '-'),
  )
  return [name, ...figures, milliseconds(latencyMs?.p50), milliseconds(latencyMs?.p99)]
}
