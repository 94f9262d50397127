import { type HzReport, reportHz } from '@zcast/subscribers/topics'
import type { Arguments } from '../../options/reading/arguments.ts'
import {
  type Column,
  formatMs,
  formatRate,
  formatTopicName,
  numberColumn,
  textColumn,
  topicColumn,
} from './columns.ts'
import { notesOf } from './notes.ts'
import type { RunVerb } from './plan-topic.ts'
import { planTable } from './run-table.ts'

const COLUMNS: readonly Column<HzReport>[] = [
  topicColumn(),
  numberColumn('rate', 'RATE/s', ({ rate }) => rate, formatRate),
  numberColumn('messages', 'MSGS/s', ({ messages }) => messages, formatRate),
  numberColumn('mean', 'MEAN ms', ({ mean }) => mean, formatMs),
  numberColumn('min', 'MIN', ({ min }) => min, formatMs),
  numberColumn('max', 'MAX', ({ max }) => max, formatMs),
  numberColumn('deviation', 'DEV', ({ deviation }) => deviation, formatMs),
  numberColumn('p99', 'P99', ({ p99 }) => p99, formatMs),
  numberColumn('time_rate', 'BY TIME/s', ({ time }) => time?.rate ?? null, formatRate),
  numberColumn('time_mean', 'MEAN ms', ({ time }) => time?.mean ?? null, formatMs),
  numberColumn('time_min', 'MIN', ({ time }) => time?.min ?? null, formatMs),
  numberColumn('time_max', 'MAX', ({ time }) => time?.max ?? null, formatMs),
  numberColumn('time_deviation', 'DEV', ({ time }) => time?.deviation ?? null, formatMs),
  numberColumn(
    'lost',
    'LOST',
    ({ lost }) => lost,
    (lost) => (lost === null ? '?' : String(lost)),
  ),
  textColumn('note', 'NOTE', notesOf),
]

/** Reads the options of `zcast topic hz`: how often topics come, and how evenly. */
export async function planHz(args: Arguments): Promise<RunVerb> {
  return planTable<HzReport>(args, {
    columns: COLUMNS,
    report: (account, watch, nowMs) => reportHz(account, nowMs, watch.isBehind),
    hasCome: ({ silent }) => silent !== null,
    summary,
  })
}

function summary(report: HzReport): string {
  const { topic, rate, mean, min, max, deviation, time, received, lost } = report
  const every =
    mean === null
      ? ''
      : `, a message every ${formatMs(mean)} ms (${formatMs(min)} to ${formatMs(max)}, deviation ${formatMs(deviation)})`
  const byTime = time?.rate ? `, by its own time ${formatRate(time.rate)}/s` : ''
  const note = notesOf(report)
  return `${formatTopicName(topic)}: ${formatRate(rate)}/s${every}${byTime}, received ${received}, lost ${lost ?? 'unknown'}${note === '' ? '' : `, ${note}`}`
}
