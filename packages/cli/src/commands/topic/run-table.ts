import { parseTopic } from '@zcast/shared'
import type { StatusPart, TopicAccount } from '@zcast/subscribers/topics'
import type { CommandContext } from '../../command-context.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { type Column, formatCsvHead, formatCsvLine, TableFormat } from './columns.ts'
import { openWatch, type OpenWatch } from './open-watch.ts'
import type { Watch } from './recorded-watch.ts'
import type { RunVerb } from './plan-topic.ts'
import { openScreen } from './table-screen.ts'
import { narrateWatch } from './narrate-watch.ts'
import { nameEndpoints, nameTopics, type WatchPlan } from './watch-plan.ts'

/** What every report has. */
export interface TableReport {
  readonly topic: string
  /** Messages a second. */
  readonly messages?: number | null
}

/** A verb that measures, and shows a table that is renewed each second. */
export interface TableVerb<Report extends TableReport> {
  /** The report of a topic now; `undefined` where there is nothing to say of it. */
  readonly report: (account: TopicAccount, watch: Watch, nowMs: number) => Report | undefined
  readonly columns: readonly Column<Report>[]
  /** The order of the topics. Default: by endpoint and name. */
  readonly sort?: (reports: Report[]) => Report[]
  /** The last line of a topic on stderr. */
  readonly summary: (report: Report) => string
  /** True for a report that came of a message. */
  readonly hasCome: (report: Report) => boolean
  /** Further lines below the table. Default none. */
  readonly below?: (reports: readonly Report[]) => readonly string[]
  /** Print the heading again with each table. Default false: it is a table that goes on. */
  readonly isWhole?: boolean
  /** Takes a key that was pressed. */
  readonly onKeys?: (text: string) => void
}

const SECOND_MS = 1000

/** Reads the options that all tables have. */
export function planTable<Report extends TableReport>(args: Arguments, verb: TableVerb<Report>): RunVerb {
  const csv = args.flag('csv') ?? false
  return (context, plan) => runTable(context, plan, verb, { csv })
}

/** Measures until the end, and reports each second: live in a terminal, as lines in a pipe, as JSON or CSV. */
async function runTable<Report extends TableReport>(
  context: CommandContext,
  plan: WatchPlan,
  verb: TableVerb<Report>,
  { csv }: { readonly csv: boolean },
): Promise<void> {
  await using open = await openWatch(context, plan, { receives: true })
  const { watch } = open
  const gather = (): Report[] => {
    const nowMs = open.nowMs()
    const reports = watch.topics
      .filter(isReceived)
      .flatMap((account) => verb.report(account, watch, nowMs) ?? [])
    return verb.sort?.(reports) ?? reports
  }
  const show = await openOutput(context, plan, verb, csv, open)
  context.ready()
  if (!open.live) {
    const all = gather()
    if (all.length === 0) open.failForNothing(nameTopics(plan))
    show.show(all)
    show.last?.(all)
    return
  }
  // A terminal shows it itself.
  const stop = show.isScreen ? () => undefined : narrateWatch(context, open.live, nameTopics(plan))
  try {
    await everySecond(context.signal, () => show.show(gather()))
  } finally {
    stop()
    await show.close()
  }
  const reports = gather()
  const come = reports.filter((report) => verb.hasCome(report))
  show.last?.(reports)
  // What stays of a terminal is the table.
  if (!show.isScreen) for (const report of come) context.summary(verb.summary(report))
  tellBehind(context, watch, Math.max(0, ...come.map(({ messages }) => messages ?? 0)))
  if (come.length > 0 || context.interrupted()) return
  open.failForNothing(nameTopics(plan))
}

/** A rendition is not received unless it is asked for. */
function isReceived({ topic, messages }: TopicAccount): boolean {
  return messages > 0 || parseTopic(topic)?.rendition === undefined
}

/** Where a table goes. */
interface TableOutput<Report> {
  show(reports: readonly Report[]): void
  close(): Promise<void>
  readonly isScreen?: boolean
  /** Shows what stays after the end. */
  last?(reports: readonly Report[]): void
}

async function openOutput<Report extends TableReport>(
  context: CommandContext,
  plan: WatchPlan,
  verb: TableVerb<Report>,
  csv: boolean,
  { watch, live }: OpenWatch,
): Promise<TableOutput<Report>> {
  const { output, json, quiet } = context
  const { columns, below, isWhole = false } = verb
  const close = async (): Promise<void> => undefined
  const print = (lines: readonly string[]): void => {
    // A reader that takes nothing misses what was in between.
    if (lines.length > 0 && !output.writableNeedDrain) output.write(lines.map((line) => `${line}\n`).join(''))
  }
  if (quiet) return { show: () => undefined, close }
  if (json) return { show: (reports) => print(reports.map((report) => JSON.stringify(report))), close }
  let isFirst = true
  if (csv) {
    return {
      show: (reports) => {
        print([
          ...(isFirst ? [formatCsvHead(columns)] : []),
          ...reports.map((report) => formatCsvLine(columns, report)),
        ])
        isFirst = false
      },
      close,
    }
  }
  const format = new TableFormat(columns)
  const table = (reports: readonly Report[]): string[] => {
    const { head, lines } = format.lines(reports)
    return [head, ...lines, ...(below?.(reports) ?? [])]
  }
  const screen = live ? await openScreen(context, `zcast topic ${plan.verb}`, verb.onKeys) : undefined
  if (screen) {
    return {
      show: (reports) => screen.show([...status(plan, watch), ...table(reports).map(plain)]),
      close: () => screen.close(),
      isScreen: true,
      last: (reports) => print(table(reports)),
    }
  }
  return {
    show: (reports) => {
      const { head, lines } = format.lines(reports)
      if (reports.length === 0) return
      print([...(isFirst || isWhole ? [head] : []), ...lines])
      isFirst = false
    },
    close,
    last: (reports) => print(below?.(reports) ?? []),
  }
}

/** The first lines of a terminal: what is looked at, and whether anybody is there. */
function status(plan: WatchPlan, watch: Watch): StatusPart[] {
  const waiting = watch.endpoints.filter(({ state }) => state !== 'connected')
  const { isBehind } = watch
  return [
    { text: `zcast topic ${plan.verb}  ${nameEndpoints(plan)}   q quits`, tone: 'title' },
    ...waiting.map(({ endpoint, state }): StatusPart => ({
      text: state === 'denied' ? `${endpoint} refuses` : `nobody is at ${endpoint}`,
      tone: 'waiting',
    })),
    ...(isBehind ? [{ text: BEHIND, tone: 'problem' } as const] : []),
    { text: '', tone: 'plain' },
  ]
}

const BEHIND = 'more came than can be read here: rates are those of the reading, and messages may be lost'

/** ZeroMQ's default high-water mark, in messages. */
const QUEUE_LENGTH = 1000

/** @param fastest - Messages a second of the fastest topic. */
function tellBehind(context: CommandContext, watch: Watch, fastest: number): void {
  if (watch.behindSeconds > 0)
    context.log.warning(`in ${watch.behindSeconds} s ${BEHIND}`, undefined, 'behind')
  const waited = Math.round((fastest * watch.longestStallMs) / 1000)
  if (waited > QUEUE_LENGTH)
    context.log.warning(
      `nothing could be read for ${Math.round(watch.longestStallMs)} ms, as this machine is busy: some ${waited} messages came meanwhile, and publishers keep ${QUEUE_LENGTH} unless they are told otherwise`,
    )
  for (const { endpoint, others } of watch.endpoints) {
    if (others > 0)
      context.log.warning(`${endpoint}: ${others} messages were of further topics, which are not told apart`)
  }
}

function plain(text: string): StatusPart {
  return { text, tone: 'plain' }
}

/** Calls `act` each second until the signal aborts. */
async function everySecond(signal: AbortSignal, act: () => void): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const timer = setInterval(act, SECOND_MS)
    signal.addEventListener('abort', () => {
      clearInterval(timer)
      resolve()
    })
  })
}
