import { type HzReport, reportBw, reportDelay, reportHz, reportTopicOffer } from '@zcast/subscribers/topics'
import type { Arguments } from '../../options/reading/arguments.ts'
import {
  type Column,
  formatBytes,
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
import { sparkLine } from './spark-line.ts'

/** A row of `zcast topic top`. */
interface TopReport extends Pick<
  HzReport,
  'topic' | 'rate' | 'messages' | 'mean' | 'min' | 'max' | 'deviation' | 'p50' | 'p90' | 'p99' | 'lost'
> {
  readonly type: 'top'
  readonly kind: string
  readonly bandwidth: number | null
  readonly size: number | null
  readonly received: number
  /** The median of the delay, where it is known. */
  readonly delay: number | null
  readonly note: string
  /** Values in each of the last 30 s. */
  readonly history: readonly number[]
}

type Sort = 'bandwidth' | 'rate' | 'lost' | 'topic'

const KEYS: Readonly<Record<string, Sort>> = { b: 'bandwidth', r: 'rate', l: 'lost', t: 'topic' }

const HISTORY_SECONDS = 30

const COLUMNS: readonly Column<TopReport>[] = [
  topicColumn(),
  textColumn('kind', 'KIND', ({ kind }) => kind),
  numberColumn('rate', 'RATE/s', ({ rate }) => rate, formatRate),
  numberColumn('bandwidth', 'BYTES/s', ({ bandwidth }) => bandwidth, formatBytes),
  numberColumn('size', 'MESSAGE', ({ size }) => size, formatBytes),
  numberColumn('deviation', 'JITTER ms', ({ deviation }) => deviation, formatMs),
  numberColumn('delay', 'DELAY ms', ({ delay }) => delay, formatMs),
  numberColumn(
    'lost',
    'LOST',
    ({ lost }) => lost,
    (lost) => (lost === null ? '?' : String(lost)),
  ),
  {
    name: 'history',
    head: 'LAST 30 s',
    width: HISTORY_SECONDS,
    align: 'left',
    text: ({ history }) => sparkLine(history),
    value: ({ history }) => history.join(' '),
  },
  textColumn('note', 'NOTE', ({ note }) => note),
]

/** Reads the options of `zcast topic top`: all topics in one table. */
export async function planTop(args: Arguments): Promise<RunVerb> {
  let sort = (args.text('sort') ?? 'bandwidth') as Sort
  return planTable<TopReport>(args, {
    columns: COLUMNS,
    isWhole: true,
    report: (account, watch, nowMs) => {
      const hz = reportHz(account, nowMs, watch.isBehind)
      const { topic, rate, messages, mean, min, max, deviation, p50, p90, p99, lost, received } = hz
      const { kind, format } = reportTopicOffer(account, nowMs)
      const bw = reportBw(account, nowMs, hz)
      return {
        type: 'top',
        topic,
        kind: kind ?? format,
        rate,
        messages,
        mean,
        min,
        max,
        deviation,
        p50,
        p90,
        p99,
        lost,
        received,
        bandwidth: bw.rate,
        size: bw.mean,
        delay: reportDelay(account, nowMs, watch.clockOf(account))?.p50 ?? null,
        note: notesOf(hz),
        history: account.history.last(HISTORY_SECONDS, nowMs),
      }
    },
    sort: (reports) => reports.sort((a, b) => order(a, b, sort)),
    onKeys: (text) => {
      sort = KEYS[text] ?? sort
    },
    hasCome: ({ received }) => received > 0,
    summary: ({ topic, rate, bandwidth, received, lost }) =>
      `${formatTopicName(topic)}: ${formatRate(rate)}/s, ${formatBytes(bandwidth)}/s, received ${received}, lost ${lost ?? 'unknown'}`,
  })
}

function order(a: TopReport, b: TopReport, sort: Sort): number {
  const most = sort === 'topic' ? 0 : (b[sort] ?? -1) - (a[sort] ?? -1)
  return most || (a.topic < b.topic ? -1 : 1)
}
