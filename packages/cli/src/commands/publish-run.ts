import { Publisher, type Source } from '@zcast/publisher'
import type { CommandContext } from '../command-context.ts'
import type { StreamPlan } from './publish-plan.ts'

interface StreamRun {
  readonly plan: StreamPlan
  readonly source: Source
  readonly publisher: Publisher
}

/** Publishes every stream, each on a socket of its own, until the end; ends with what was sent. */
export async function publishStreams(
  context: CommandContext,
  plans: readonly StreamPlan[],
  maxValues: number | undefined,
): Promise<void> {
  // Every source is opened before the first socket: a broken file must not be found out by subscribers.
  const sources: [StreamPlan, Source][] = []
  for (const plan of plans) sources.push([plan, await plan.open(context)])
  if (context.signal.aborted) return
  const startedMs = performance.now()
  const runs: StreamRun[] = []
  let stopPrinting = (): void => undefined
  try {
    for (const [plan, source] of sources) runs.push(await openStream(context, plan, source))
    context.ready()
    if (context.json) stopPrinting = printStatistics(context, runs)
    await runAll(context, runs, maxValues)
  } finally {
    for (const { publisher } of runs) await publisher.close()
    stopPrinting()
    if (runs.length === plans.length) summarize(context, runs, (performance.now() - startedMs) / 1000)
  }
}

async function openStream(context: CommandContext, plan: StreamPlan, source: Source): Promise<StreamRun> {
  const { bind, connect, lossless } = plan
  const { expectedBytes } = source
  const publisher = await Publisher.open({ bind, connect, lossless, expectedBytes, log: context.log })
  context.status(`publishing ${plan.topic} on ${publisher.endpoints.join(', ')}`)
  return { plan, source, publisher }
}

/** Runs every stream to its end; when one fails, the others are ended before the failure is passed on. */
async function runAll(
  context: CommandContext,
  runs: readonly StreamRun[],
  maxValues?: number,
): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([context.signal, failed.signal])
  const results = await Promise.allSettled(
    runs.map(async ({ plan, source, publisher }) => {
      try {
        await publisher.run(source, { stream: plan.stream, always: plan.always, signal, maxValues })
      } catch (error) {
        failed.abort()
        throw error
      }
    }),
  )
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}

/** Prints what each stream has sent as JSON, each second and when it is stopped. */
function printStatistics({ output }: CommandContext, runs: readonly StreamRun[]): () => void {
  const print = (type: 'stats' | 'summary'): void => {
    for (const { plan, publisher } of runs) {
      const { sent, dropped } = publisher
      output.write(`${JSON.stringify({ type, topic: plan.topic, sent, dropped })}\n`)
    }
  }
  const timer = setInterval(() => print('stats'), 1000)
  return () => {
    clearInterval(timer)
    print('summary')
  }
}

function summarize(context: CommandContext, runs: readonly StreamRun[], seconds: number): void {
  for (const { plan, publisher } of runs) {
    const { sent, dropped } = publisher
    context.summary(`${plan.topic}: sent ${sent}, dropped ${dropped}, ${(sent / seconds).toFixed(1)}/s`)
  }
  const sent = runs.reduce((sum, { publisher }) => sum + publisher.sent, 0)
  context.report({ type: 'summary', sent, lost: 0, latencyMs: null })
}
