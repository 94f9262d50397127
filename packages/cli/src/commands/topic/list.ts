import { type ListReport, reportTopicOffer } from '@zcast/subscribers/topics'
import type { Arguments } from '../../options/reading/arguments.ts'
import {
  type Column,
  formatBytes,
  formatCsvHead,
  formatCsvLine,
  formatRate,
  TableFormat,
  numberColumn,
  textColumn,
  topicColumn,
} from './columns.ts'
import { openWatch } from './open-watch.ts'
import type { RunVerb } from './plan-topic.ts'
import { nameTopics } from './watch-plan.ts'

const DEFAULT_LOOK_MS = 3000

const number = (value: number | null): string => (value === null ? '-' : String(value))

const COLUMNS: readonly Column<ListReport>[] = [
  topicColumn(),
  textColumn('kind', 'KIND', ({ kind }) => kind ?? '?'),
  textColumn('format', 'FORMAT', ({ format }) => format),
  {
    ...numberColumn<ListReport>('rate', 'RATE/s', ({ rate }) => rate, formatRate),
    text: ({ format, kind, rate }) =>
      format === 'zcast' && kind !== 'numbers' && rate === 0 ? 'idle' : formatRate(rate),
  },
  numberColumn('size', 'MESSAGE', ({ size }) => size, formatBytes),
  numberColumn('epoch', 'EPOCH', ({ epoch }) => epoch, number),
  textColumn('description', 'VALUES', describe),
  textColumn('endpoint', 'FROM', ({ endpoint }) => endpoint),
]

/** What is only in CSV and JSON. */
const CSV_COLUMNS: readonly Column<ListReport>[] = [
  ...COLUMNS,
  numberColumn('columns', '', ({ columns }) => columns, number),
  textColumn('names', '', ({ names }) => (names ?? []).join(' ')),
  textColumn('units', '', ({ units }) => (units ?? []).join(' ')),
  numberColumn('width', '', ({ width }) => width, number),
  numberColumn('height', '', ({ height }) => height, number),
  numberColumn('sampleRate', '', ({ sampleRate }) => sampleRate, number),
  numberColumn('channels', '', ({ channels }) => channels, number),
  textColumn('compression', '', ({ compression }) => compression ?? ''),
  textColumn('renditions', '', ({ renditions }) => renditions.join(' ')),
]

/** Reads the options of `zcast topic list`: what topics there are. */
export async function planList(args: Arguments): Promise<RunVerb> {
  const csv = args.flag('csv') ?? false
  return async (context, plan) => {
    await using open = await openWatch(context, plan, { lookMs: plan.forMs ?? DEFAULT_LOOK_MS })
    const { watch } = open
    await watch.looked(context.signal)
    const nowMs = open.nowMs()
    const reports = watch.topics.map((account) => reportTopicOffer(account, nowMs))
    const { output, json } = context
    const print = (lines: readonly string[]): void => {
      output.write(lines.map((line) => `${line}\n`).join(''))
    }
    if (reports.length === 0) {
      if (context.interrupted()) return
      return open.failForNothing(nameTopics(plan))
    }
    if (json) print(reports.map((report) => JSON.stringify(report)))
    else if (csv)
      print([formatCsvHead(CSV_COLUMNS), ...reports.map((one) => formatCsvLine(CSV_COLUMNS, one))])
    else {
      const { head, lines } = new TableFormat(COLUMNS).lines(reports)
      print([head, ...lines])
    }
    for (const { endpoint, others } of watch.endpoints)
      if (others > 0)
        context.log.warning(
          `${endpoint} sends more topics than can be listed: ${others} messages were of further ones`,
        )
  }
}

function describe({ description, renditions }: ListReport): string {
  const text = description === '' ? 'nothing sent yet' : description
  return renditions.length === 0 ? text : `${text}, also ${renditions.join(' ')}`
}
