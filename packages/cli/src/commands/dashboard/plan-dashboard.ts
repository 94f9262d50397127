import { PAGE_PORT } from '../../options/pages/page-ports.ts'
import { followLog } from '@zcast/log'
import { KINDS } from '@zcast/shared'
import { SOURCE_KINDS, systemErrorCode } from '@zcast/shared/internal'
import type { Sink } from '@zcast/subscribers'
import type { FeedOptions } from '@zcast/web'
import type { CommandContext, ProcessReport, SummaryReport } from '../../command-context.ts'
import { nameTopics, planNamedSubscriptions, type NamedSubscription } from '../../subscription/plan.ts'
import { runSubscription } from '../../subscription/run.ts'
import { announcePage, type OpenPage } from '../../page/announce-page.ts'
import { planHistory } from '../../history/history-options.ts'
import { KEPT_DELIVERY, KeptPast } from '../../history/kept-past.ts'
import { planRecordedDashboard } from './plan-recorded-dashboard.ts'
import { planPageAccess, type PageAccess } from '../../options/pages/page-access.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import type { Plan } from '../../command.ts'

/** The number of lines of the error log at the start of the page. */
const LOG_LINES = 50

/** Reads and checks the options of `zcast dashboard`. @throws {@link OptionError} when one is wrong. */
export async function planDashboard(args: Arguments): Promise<Plan> {
  const file = args.text('file')
  if (file !== undefined) return planRecordedDashboard(args, file)
  const plans = await planNamedSubscriptions(args, SOURCE_KINDS)
  const { warning, ...access } = await planPageAccess(args)
  const history = planHistory(args)
  const past = history && new KeptPast(history)
  const { Dashboard } = await import('@zcast/web')
  const page = new Dashboard({
    port: args.port('port') ?? PAGE_PORT,
    lingerMs: args.duration('linger'),
    syncDelayMs: args.duration('sync'),
    past,
    ...access,
  })
  const logDirectory = args.text('log-dir') ?? 'logs'
  return {
    role: 'dashboard',
    run: async (context) => {
      if (warning !== undefined) context.log.warning(warning)
      try {
        await past?.open(context.log)
        await showAll(context, page, plans, { logDirectory, tls: access.tls, past })
      } finally {
        await past?.close()
      }
    },
  }
}

interface Page extends OpenPage {
  listen(told: Pick<CommandContext, 'log' | 'notices'>): Promise<void>
  readonly isWatched: boolean
  feed(options: FeedOptions): Sink
  logLine(line: string): void
  close(): Promise<void>
}

interface ShownBeside {
  readonly logDirectory: string
  readonly tls: PageAccess['tls']
  readonly past: KeptPast | undefined
}

async function showAll(
  context: CommandContext,
  page: Page,
  plans: readonly NamedSubscription[],
  { logDirectory, tls, past }: ShownBeside,
): Promise<void> {
  const ended = new AbortController()
  const signal = AbortSignal.any([context.signal, ended.signal])
  try {
    await page.listen(context)
    announcePage(context, page, tls)
    context.ready(page.address)
    const following = followInto(page, past, logDirectory, signal)
    const reports: SummaryReport[] = []
    const report = (message: ProcessReport): void =>
      void (message.type === 'summary' && reports.push(message))
    const runs = plans.map(async ({ kind, plan, isExpected }) => {
      const summary = (text: string): void => context.summary(`${nameTopics(plan)} ${text}`)
      const inner = { ...context, signal, summary, ready: () => undefined, report }
      try {
        const feed = page.feed({
          pausable: KINDS[kind].isPausable,
          sound: kind === 'audio',
          expected: isExpected,
        })
        const kept = past && plan.delivery === 'latest' ? { ...plan, delivery: KEPT_DELIVERY } : plan
        await runSubscription(inner, kept, {
          sink: past?.sink(feed, () => page.isWatched) ?? feed,
          untilHeard: !isExpected,
          statisticsOnStdout: context.json,
        })
      } finally {
        ended.abort()
      }
    })
    const results = await Promise.allSettled([...runs, following])
    context.report(sumOf(reports))
    const failures = results
      .filter((result) => result.status === 'rejected')
      .map(({ reason }) => reason as unknown)
    // Keys may give access to only some of them: the refusal of the others has been reported. A kind that is not
    // expected does not count: perhaps nobody sends it.
    const isPartlyDenied = plans.some(
      ({ isExpected }, index) => isExpected && results[index]?.status === 'fulfilled',
    )
    const failure = failures.find((error) => !isPartlyDenied || systemErrorCode(error) !== 'ERR_DENIED')
    if (failure !== undefined) throw failure
  } finally {
    await page.close()
  }
}

/** The sum of what all subscriptions received. Latencies of different kinds are not comparable. */
function sumOf(reports: readonly SummaryReport[]): SummaryReport {
  const received = reports.reduce((sum, report) => sum + (report.received ?? 0), 0)
  const lost = reports.reduce<number | null>(
    (sum, report) => (sum === null || report.lost === null ? null : sum + report.lost),
    0,
  )
  return { type: 'summary', received, lost, latencyMs: null }
}

async function followInto(
  page: Page,
  past: KeptPast | undefined,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  for await (const line of followLog(directory, { signal, lines: LOG_LINES })) {
    page.logLine(line)
    past?.addLine(line)
  }
}
