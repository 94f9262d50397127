import { followLog } from '@zcast/log'
import { KIND_NAMES, KINDS, systemErrorCode } from '@zcast/shared'
import type { Sink } from '@zcast/subscribers'
import type { CommandContext, ProcessReport, SummaryReport } from '../../command-context.ts'
import type { Command } from '../../command.ts'
import { SUBSCRIBER_KEY_OPTIONS } from '../../options/curve-options.ts'
import { SOCKET_OPTIONS } from '../../options/socket-options.ts'
import { planNamedSubscription, type SubscriptionPlan } from '../../subscription/plan.ts'
import { runSubscription } from '../../subscription/run.ts'
import { planPageAccess, WEB_OPTIONS } from '../../options/web-options.ts'

const DEFAULT_PORT = 8080

/** Lines of the error log that the page begins with. */
const LOG_LINES = 50

/** `zcast dashboard`: one page for everything. */
export const dashboard: Command = {
  usage: 'dashboard',
  positionals: {},
  options: {
    port: { type: 'string', describe: `port of the page, 0 for any free one [default: ${DEFAULT_PORT}]` },
    ...WEB_OPTIONS,
    numbers: {
      type: 'list',
      describe: 'endpoint of numbers; may be repeated [default: tcp://127.0.0.1:5556]',
    },
    video: { type: 'list', describe: 'endpoint of video; may be repeated [default: tcp://127.0.0.1:5557]' },
    linger: {
      type: 'string',
      describe: 'how long video is still received once nobody looks at the page any more [default: 10s]',
    },
    ...SOCKET_OPTIONS,
    ...SUBSCRIBER_KEY_OPTIONS,
    for: { type: 'string', describe: 'end after this long' },
  },
  examples: [
    ['zcast dashboard', 'numbers, video and the error log in one page'],
    [
      'zcast dashboard --numbers tcp://192.168.1.20:5556 --video tcp://192.168.1.20:5557',
      'of another machine',
    ],
  ],
  async plan(args) {
    const [first, ...others] = await Promise.all(KIND_NAMES.map((kind) => planNamedSubscription(args, kind)))
    // They have the same keys, whose file is warned of once.
    const plans = [first as SubscriptionPlan, ...others.map((plan) => withoutWarning(plan))]
    const { warning, ...access } = planPageAccess(args)
    const { Dashboard } = await import('@zcast/web')
    const page = new Dashboard({
      port: args.integer('port', { least: 0, most: 65_535 }) ?? DEFAULT_PORT,
      lingerMs: args.duration('linger'),
      ...access,
    })
    const logDirectory = args.text('log-dir') ?? 'logs'
    return {
      role: 'dashboard',
      run: async (context) => {
        if (warning !== undefined) context.log.warning(warning)
        await showAll(context, page, plans, logDirectory)
      },
    }
  },
}

function withoutWarning(plan: SubscriptionPlan): SubscriptionPlan {
  return { ...plan, keys: { ...plan.keys, warning: undefined } }
}

interface Page {
  readonly address: string
  listen(told: Pick<CommandContext, 'log' | 'notices'>): Promise<void>
  feed(options: { readonly pausable: boolean }): Sink
  logLine(line: string): void
  close(): Promise<void>
}

async function showAll(
  context: CommandContext,
  page: Page,
  plans: readonly SubscriptionPlan[],
  logDirectory: string,
): Promise<void> {
  const ended = new AbortController()
  const signal = AbortSignal.any([context.signal, ended.signal])
  try {
    await page.listen(context)
    if (!context.json) context.output.write(`watch at ${page.address}\n`)
    context.ready(page.address)
    const following = followInto(page, logDirectory, signal)
    const reports: SummaryReport[] = []
    const report = (message: ProcessReport): void =>
      void (message.type === 'summary' && reports.push(message))
    const runs = plans.map(async (plan) => {
      const summary = (text: string): void => context.summary(`${plan.topic} ${text}`)
      const inner = { ...context, signal, summary, ready: () => undefined, report }
      try {
        await runSubscription(inner, plan, { sink: page.feed({ pausable: KINDS[plan.kind].isPausable }) })
      } finally {
        ended.abort()
      }
    })
    const results = await Promise.allSettled([...runs, following])
    context.report(sumOf(reports))
    const failures = results
      .filter((result) => result.status === 'rejected')
      .map(({ reason }) => reason as unknown)
    // Keys may give rights to one of them only: that the other is refused has been said.
    const isPartlyDenied = failures.length < plans.length
    const failure = failures.find((error) => !isPartlyDenied || systemErrorCode(error) !== 'ERR_DENIED')
    if (failure !== undefined) throw failure
  } finally {
    await page.close()
  }
}

/** What all subscriptions received together. Latencies of numbers and video have no common sense. */
function sumOf(reports: readonly SummaryReport[]): SummaryReport {
  const received = reports.reduce((sum, report) => sum + (report.received ?? 0), 0)
  const lost = reports.reduce((sum, report) => sum + (report.lost ?? 0), 0)
  return { type: 'summary', received, lost, latencyMs: null }
}

async function followInto(page: Page, directory: string, signal: AbortSignal): Promise<void> {
  for await (const line of followLog(directory, { signal, lines: LOG_LINES })) page.logLine(line)
}
