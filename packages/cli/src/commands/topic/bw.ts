import { type BwReport, reportBw, reportHz } from '@zcast/subscribers/topics'
import type { Arguments } from '../../options/reading/arguments.ts'
import {
  type Column,
  formatBytes,
  formatRate,
  formatTopicName,
  numberColumn,
  textColumn,
  topicColumn,
} from './columns.ts'
import type { RunVerb } from './plan-topic.ts'
import { planTable } from './run-table.ts'

const COLUMNS: readonly Column<BwReport>[] = [
  topicColumn(),
  numberColumn('rate', 'BYTES/s', ({ rate }) => rate, formatBytes),
  numberColumn('messages', 'MSGS/s', ({ messages }) => messages, formatRate),
  numberColumn('mean', 'A MESSAGE', ({ mean }) => mean, formatBytes),
  numberColumn('min', 'MIN', ({ min }) => min, formatBytes),
  numberColumn('max', 'MAX', ({ max }) => max, formatBytes),
  numberColumn('deviation', 'DEV', ({ deviation }) => deviation, formatBytes),
  numberColumn('bytes', 'TOTAL', ({ bytes }) => bytes, formatBytes),
  textColumn('note', 'NOTE', ({ behind }) => (behind ? 'more than can be read' : '')),
]

/** Reads the options of `zcast topic bw`: how many bytes topics take. */
export async function planBw(args: Arguments): Promise<RunVerb> {
  return planTable<BwReport>(args, {
    columns: COLUMNS,
    report: (account, watch, nowMs) => {
      const behind = watch.isBehind
      return reportBw(account, nowMs, { messages: reportHz(account, nowMs, behind).messages, behind })
    },
    hasCome: ({ received }) => received > 0,
    summary: ({ topic, rate, messages, mean, bytes, received }) =>
      `${formatTopicName(topic)}: ${formatBytes(rate)}/s, ${formatRate(messages)} messages of ${formatBytes(mean)} a second, ${formatBytes(bytes)} in ${received} messages`,
  })
}
