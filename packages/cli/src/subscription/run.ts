import { openTransport, type StatisticsWindow } from '@zcast/shared'
import { formatSummary, reportStatistics, Subscriber, type Sink } from '@zcast/subscribers'
import type { CommandContext } from '../command-context.ts'
import { Admission } from './admission.ts'
import { tellState } from './narrate.ts'
import type { SubscriptionPlan } from './plan.ts'

/** What happens beside the sink while a subscription runs. */
export interface SubscriptionRun {
  readonly sink: Sink
  /** Called once everything is open; returns the address to tell the supervisor, if there is one. */
  readonly onOpen?: () => string | undefined
  /** Print statistics as JSON each second and at the end. Default false. */
  readonly statisticsOnStdout?: boolean
}

/** Receives until the end, says what it waits for, and ends with the summary. */
export async function runSubscription(
  context: CommandContext,
  plan: SubscriptionPlan,
  { sink, onOpen, statisticsOnStdout = false }: SubscriptionRun,
): Promise<void> {
  const { kind: _kind, topic, maxValues, keys, ...options } = plan
  const { signal, log } = context
  const admission = new Admission(context, keys)
  const transport = await openTransport([...options.bind, ...options.connect], admission.security)
  await using subscriber = await Subscriber.open({ ...options, topics: [topic], log, transport })
  admission.watch(subscriber, plan)
  let stopTelling: (() => void) | undefined
  let stopPrinting = (): void => undefined
  const opened: Sink = {
    open: async (sinkContext) => {
      await sink.open({ ...sinkContext, log, notices: context.notices })
      // A sink that cannot open is one sentence: nothing has run that could be told of or summed up.
      stopTelling = tellState(context, subscriber, topic)
      if (statisticsOnStdout) stopPrinting = printStatistics(context, subscriber, topic)
      context.ready(onOpen?.())
    },
    write: (envelope) => sink.write(envelope),
    close: () => sink.close(),
  }
  try {
    await subscriber.run(opened, { signal, maxValues })
  } finally {
    stopTelling?.()
    stopPrinting()
    if (stopTelling) summarize(context, subscriber)
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
function printStatistics({ output }: CommandContext, subscriber: Subscriber, topic: string): () => void {
  const { statistics } = subscriber
  const window = statistics.openWindow(topic.endsWith('/') ? undefined : topic)
  const print = (of?: StatisticsWindow): void =>
    void output.write(`${JSON.stringify(reportStatistics(subscriber, topic, of))}\n`)
  const timer = setInterval(() => print(window), 1000)
  return () => {
    clearInterval(timer)
    window.close()
    print()
  }
}
