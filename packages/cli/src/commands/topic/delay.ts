import { type DelayReport, reportDelay } from '@zcast/subscribers/topics'
import type { Arguments } from '../../options/reading/arguments.ts'
import { type Column, formatMs, formatTopicName, numberColumn, textColumn, topicColumn } from './columns.ts'
import type { RunVerb } from './plan-topic.ts'
import { planTable } from './run-table.ts'

const COLUMNS: readonly Column<DelayReport>[] = [
  topicColumn(),
  ...(['p50', 'p90', 'p99', 'max', 'min', 'mean', 'deviation'] as const).map((name) =>
    numberColumn<DelayReport>(
      name,
      `${name === 'deviation' ? 'DEV' : name.toUpperCase()}${name === 'p50' ? ' ms' : ''}`,
      (report) => report[name],
      formatMs,
    ),
  ),
  numberColumn('above_p99', 'P99-MIN', ({ above }) => above?.p99 ?? null, formatMs),
  numberColumn(
    'offset',
    'CLOCK ms',
    ({ offset }) => offset,
    (offset) => (offset === null ? '?' : formatMs(offset)),
  ),
  numberColumn('error', '+-', ({ error }) => error, formatMs),
  textColumn('note', 'NOTE', noteOf),
]

/** The longest bar of a histogram, in characters. */
const BAR_LENGTH = 40

/** Reads the options of `zcast topic delay`: how long values take from their capture to here. */
export async function planDelay(args: Arguments): Promise<RunVerb> {
  return planTable<DelayReport>(args, {
    columns: COLUMNS,
    report: (account, watch, nowMs) => reportDelay(account, nowMs, watch.clockOf(account)),
    hasCome: ({ count }) => count > 0,
    below: (reports) => reports.flatMap(formatHistogram),
    summary: (report) => {
      const { topic, p50, p90, p99, max, offset, error } = report
      const clock =
        offset === null
          ? 'clock of the publisher unknown'
          : `clock of the publisher ${formatMs(offset)} ms +- ${formatMs(error)}`
      const note = noteOf(report)
      return `${formatTopicName(topic)}: delay p50 ${formatMs(p50)} p90 ${formatMs(p90)} p99 ${formatMs(p99)} max ${formatMs(max)} ms, ${clock}${note === '' ? '' : `, ${note}`}`
    },
  })
}

function noteOf({ clocksDiffer, isOld, offset }: DelayReport): string {
  if (isOld) return 'the time of these values is not that of their capture, or a clock is wrong'
  if (clocksDiffer) return 'clocks differ: only P99-MIN is true'
  return offset === null ? 'with the difference of the clocks' : ''
}

function formatHistogram({ topic, histogram, count }: DelayReport): readonly string[] {
  const most = Math.max(1, ...histogram.map((column) => column.count))
  const lines = histogram.map((column) => {
    const bar = '#'.repeat(Math.ceil((column.count / most) * BAR_LENGTH))
    const label = column.below === null ? 'more' : `< ${column.below}`
    return `${`${label} ms`.padStart(12)}  ${String(column.count).padStart(8)}  ${bar}`
  })
  return lines.length === 0 ? [] : ['', `${formatTopicName(topic)}, ${count} messages:`, ...lines]
}
