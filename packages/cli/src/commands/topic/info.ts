import {
  formatTime,
  type HzReport,
  type ListReport,
  reportBw,
  reportDelay,
  reportHz,
  reportTopicOffer,
  type TopicAccount,
} from '@zcast/subscribers/topics'
import type { CommandContext } from '../../command-context.ts'
import { formatBytes, formatMs, formatRate, formatTopicName } from './columns.ts'
import { nextCommands } from './next-commands.ts'
import { notesOf } from './notes.ts'
import { openWatch } from './open-watch.ts'
import type { Watch } from './recorded-watch.ts'
import type { RunVerb } from './plan-topic.ts'
import { nameTopics, type WatchPlan } from './watch-plan.ts'
import { wait } from './wait.ts'

const DEFAULT_LOOK_MS = 3000

/** Everything about a topic. */
interface InfoReport extends Omit<HzReport, 'type'>, Omit<ListReport, 'type' | 'rate' | 'topic'> {
  readonly type: 'info'
  /** Bytes a second. */
  readonly bandwidth: number | null
  readonly delay: number | null
  readonly offset: number | null
  /** Numbers of the first and the last value that came in the newest epoch. */
  readonly first: number | null
  readonly last: number | null
  /** Values that were sent in this epoch, as the publisher says. */
  readonly sent: number | null
  /** The time of the newest value, in seconds since the Unix epoch, and how long ago it was, in milliseconds. */
  readonly newest: number | null
  readonly age: number | null
  /** Values whose time is before that of the value before them. */
  readonly backwards: number
  readonly retained: number
  /** True when two publishers use this topic. */
  readonly shared: boolean
  readonly next: readonly string[]
}

/** Reads the options of `zcast topic info`: everything about topics. */
export async function planInfo(): Promise<RunVerb> {
  return async (context, plan) => {
    await using open = await openWatch(context, plan, { receives: true })
    const { watch } = open
    context.ready()
    if (open.live) await wait(plan.forMs ?? DEFAULT_LOOK_MS, context.signal)
    const nowMs = open.nowMs()
    const accounts = watch.topics.filter(({ offer, messages }) => offer || messages > 0)
    if (accounts.length === 0) {
      if (context.interrupted()) return
      return open.failForNothing(nameTopics(plan))
    }
    for (const account of accounts) print(context, gather(account, watch, { nowMs, plan }))
  }
}

function gather(
  account: TopicAccount,
  watch: Watch,
  { nowMs, plan }: { readonly nowMs: number; readonly plan: WatchPlan },
): InfoReport {
  const hz = reportHz(account, nowMs, watch.isBehind)
  const list = reportTopicOffer(account, nowMs)
  const clock = watch.clockOf(account)
  const { first, last } = account.sequence.totals()
  const newest = account.newestTime ?? account.offer?.time ?? null
  return {
    ...list,
    ...hz,
    type: 'info',
    rate: hz.rate ?? list.rate,
    bandwidth: reportBw(account, nowMs, hz).rate ?? account.offer?.bytesPerSecond ?? null,
    delay: reportDelay(account, nowMs, clock)?.p50 ?? null,
    offset: clock?.ms ?? null,
    first: first < 0 ? null : first,
    last: last < 0 ? null : last,
    // The publisher said so a moment ago, and more has come since.
    sent: account.offer ? Math.max(account.offer.sent, last + 1) : null,
    newest,
    age: newest === null ? null : Date.now() - newest * 1000 + (clock?.ms ?? 0),
    backwards: account.backwards,
    retained: account.retained,
    shared: account.sequence.shared,
    next: nextCommands(list, plan),
  }
}

function print({ output, json }: CommandContext, report: InfoReport): void {
  if (json) return void output.write(`${JSON.stringify(report)}\n`)
  const lines = describe(report).map(([name, text]) => `  ${`${name}:`.padEnd(12)} ${text}\n`)
  output.write(`${formatTopicName(report.topic)}\n${lines.join('')}`)
}

function describe(report: InfoReport): readonly (readonly [string, string])[] {
  const { kind, format, description, endpoint, epoch, renditions, rate, messages, mean, time, next } = report
  const every =
    mean === null
      ? ''
      : `, a message every ${formatMs(mean)} ms (${formatMs(report.min)} to ${formatMs(report.max)}, deviation ${formatMs(report.deviation)})`
  const byTime = time?.rate ? `, by its own time ${formatRate(time.rate)}/s` : ''
  return [
    ['kind', `${kind ?? 'unknown'}, format ${format}`],
    ['values', description === '' ? 'nothing sent yet' : description],
    ['from', `${endpoint}${epoch === null ? '' : `, epoch ${epoch}`}`],
    ['rate', `${formatRate(rate)}/s in ${formatRate(messages)} messages${every}${byTime}`],
    ['size', `${formatBytes(report.size)} a message, ${formatBytes(report.bandwidth)}/s`],
    ['counts', describeCounts(report)],
    ['newest', describeNewest(report)],
    ...(renditions.length === 0 ? [] : [['renditions', renditions.join(', ')] as const]),
    ...describeNotes(report).map((note) => ['note', note] as const),
    ...next.map((command) => ['next', command] as const),
  ]
}

function describeCounts({ received, lost, restarts, retained, first, last, sent }: InfoReport): string {
  const range = first === null ? '' : `, numbers ${first} to ${last}`
  return `received ${received}, lost ${lost ?? 'unknown'}, restarts ${restarts}, sent again ${retained}${range}${sent === null ? '' : `, sent in all ${sent}`}`
}

function describeNewest({ newest, age, delay, offset }: InfoReport): string {
  if (newest === null) return 'unknown: the messages carry no time'
  const clock = offset === null ? ' (by two clocks)' : ''
  return `of ${formatTime(newest)}, ${formatMs(age)} ms ago${delay === null ? '' : `, delay p50 ${formatMs(delay)} ms`}${clock}`
}

function describeNotes(report: InfoReport): string[] {
  const { backwards, shared } = report
  const notes = notesOf(report)
  return [
    ...(notes === '' ? [] : [notes]),
    ...(backwards > 0 ? [`its time went back ${backwards} times`] : []),
    ...(shared ? ['two publishers use this topic: give each stream a name of its own'] : []),
  ]
}
