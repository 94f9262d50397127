import { openTransport, type StatisticsWindow } from '@zcast/shared'
import { formatSummary, reportStatistics, Subscriber, type Sink } from '@zcast/subscribers'
import type { CommandContext } from '../command-context.ts'
import { Admission } from './admission.ts'
import { tellState } from './narrate.ts'
import { nameTopics, type SubscriptionPlan } from './plan.ts'

/** The extras of a running subscription, apart from its sink. */
export interface SubscriptionRun {
  readonly sink: Sink
  /** Called once everything is open; returns the address to report to the supervisor, if there is one. */
  readonly onOpen?: () => string | undefined
  /** Prints statistics as JSON each second and at the end. Default false. */
  readonly statisticsOnStdout?: boolean
  /** Say nothing of it until something has come. Default false. */
  readonly untilHeard?: boolean
}

/** Receives until the end, reports what it is waiting for, and ends with the summary. */
export async function runSubscription(
  context: CommandContext,
  plan: SubscriptionPlan,
  { sink, onOpen, statisticsOnStdout = false, untilHeard = false }: SubscriptionRun,
): Promise<void> {
  const { maxValues, keys, format, ...options } = plan
  const { signal, log } = context
  const admission = new Admission(context, keys)
  const transport = format
    ? await format.openTransport('subscriber', options, admission.security)
    : await openTransport([...options.bind, ...options.connect], admission.security)
  const codec = format?.openCodec()
  await using subscriber = await Subscriber.open({ ...options, log, transport, ...(codec && { codec }) })
  admission.watch(subscriber, plan)
  const isSaid = (): boolean => !untilHeard || subscriber.statistics.counts().received > 0
  let stopTelling: (() => void) | undefined
  let stopPrinting = (): void => undefined
  // A sink that cannot open is one sentence: nothing has run that could be reported or summed up.
  const opened = (): void => {
    const status = (text: string): void => {
      if (isSaid()) context.status(text)
    }
    stopTelling = tellState({ ...context, status }, subscriber, nameTopics(plan))
    if (statisticsOnStdout) stopPrinting = printStatistics(context, subscriber, { plan, isSaid })
    context.ready(onOpen?.())
  }
  try {
    await subscriber.run(sink, { signal, maxValues, notices: context.notices, onOpen: opened })
  } finally {
    stopTelling?.()
    stopPrinting()
    if (stopTelling && isSaid()) summarize(context, subscriber)
  }
  admission.check()
}

function summarize(context: CommandContext, subscriber: Subscriber): void {
  context.summary(formatSummary(subscriber))
  const { statistics } = subscriber
  const { received, lost } = statistics.counts()
  context.report({ type: 'summary', received, lost, latencyMs: statistics.latency.summary() })
}

/** Prints a report each second, and the summary when it is stopped. */
function printStatistics(
  { output }: CommandContext,
  subscriber: Subscriber,
  { plan, isSaid }: { readonly plan: SubscriptionPlan; readonly isSaid: () => boolean },
): () => void {
  const { statistics } = subscriber
  const [topic = ''] = plan.topics
  const isOne = plan.topics.length === 1 && !topic.endsWith('/')
  const window = statistics.openWindow(isOne ? topic : undefined)
  const print = (of?: StatisticsWindow): void => {
    if (isSaid()) output.write(`${JSON.stringify(reportStatistics(subscriber, nameTopics(plan), of))}\n`)
  }
  const timer = setInterval(() => print(window), 1000)
  return () => {
    clearInterval(timer)
    window.close()
    print()
  }
}
