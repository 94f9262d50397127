import type { Comparison, Verdict } from './benchmark.ts'
import { spreadOf, type Outcome } from './samples.ts'
import { format } from './verdicts.ts'

/** What the page begins with. */
export interface ReportHead {
  /** ISO date. */
  readonly date: string
  readonly machine: readonly string[]
  readonly quick: boolean
}

/** All results as a page in Markdown. */
export function writeReport(
  { date, machine, quick }: ReportHead,
  comparisons: readonly Comparison[],
): string {
  const verdicts = comparisons.flatMap((comparison) => comparison.verdicts)
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`, which anybody can run: `npm run bench -- numbers` (or `values`, `video`, `latency`, `fanout`, ' +
      '`network`, `room`, `scrub`, `idle`, `startup`), `--quick` for fewer and shorter runs, `--json FILE` for every single figure. The contenders of a ' +
      'table take turns in the same run, over TCP on the loopback, and each is a process of its own; figures are medians, ' +
      'with the least and the most in brackets. On a busy machine the ratios hold better than the figures.',
    '',
    ...machine.map((line) => `- ${line}`),
    `- ${date}${quick ? ', a quick run: not to be quoted' : ''}`,
    '',
    '## What was promised',
    '',
    ...table(
      ['what', 'target', 'measured', ''],
      verdicts.map(({ what, target, measured, met }) => [
        what,
        target,
        measured,
        met ? 'met' : '**not met**',
      ]),
    ),
    '',
    ...comparisons.flatMap(section),
  ].join('\n')
}

function section({ title, method, outcomes, columns, plot }: Comparison): string[] {
  const present = outcomes.filter(({ missing }) => missing === undefined)
  const absent = outcomes.filter(({ missing }) => missing !== undefined)
  const rows = present.map((outcome) =>
    [outcome.name].concat(columns.map(({ figure, digits }) => cell(outcome, figure, digits))),
  )
  return [
    `## ${title}`,
    '',
    method,
    '',
    ...table(['', ...columns.map((column) => column.title)], rows),
    '',
    ...absent.flatMap(({ name, missing }) => [`Left out: ${name} (${missing}).`, '']),
    ...(plot === undefined ? [] : ['```text', plot, '```', '']),
  ]
}

function cell(outcome: Outcome, figure: string, digits: number): string {
  const spread = spreadOf(outcome, figure)
  if (!spread) return ''
  const { median, least, most } = spread
  const [from, to] = [format(least, digits), format(most, digits)]
  const range = from === to ? '' : ` (${from} to ${to})`
  return `${format(median, digits)}${range}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** A verdict in one line, for the terminal. */
export function sayVerdict({ what, target, measured, met }: Verdict): string {
  return `  ${met ? 'met    ' : 'NOT MET'} ${what}: ${measured} (${target})`
}
