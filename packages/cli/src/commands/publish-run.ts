import { Publisher, type Source } from '@zcast/publisher'
import type { SourceListener } from '@zcast/publisher/video'
import type { CommandContext } from '../command-context.ts'
import { Preview, PREVIEW_ENDPOINT } from './preview.ts'
import { describeReach } from './publish-addresses.ts'
import { printStatistics, summarize } from './publish-report.ts'
import type { OpenMember, PublisherRun, StreamPlan } from './stream-plan.ts'

/** Publishes every kind of streams on a socket of its own, until the end; ends with what was sent. */
export async function publishStreams(
  context: CommandContext,
  plans: readonly StreamPlan[],
  maxValues: number | undefined,
): Promise<void> {
  const opened: { plan: StreamPlan; members: OpenMember[] }[] = []
  const runs: PublisherRun[] = []
  let startedMs = performance.now()
  let stopPrinting = (): void => undefined
  const preview = new Preview(context)
  try {
    // Every source is opened before the first socket: a broken file must not be found out by subscribers.
    for (const plan of plans) {
      const members: OpenMember[] = []
      opened.push({ plan, members })
      for (const member of plan.members) members.push({ member, source: await member.open(context) })
    }
    if (context.signal.aborted) return
    // A window that cannot be opened is found out before the first socket as well.
    if (plans.some((plan) => plan.preview)) await preview.open()
    startedMs = performance.now()
    for (const { plan, members } of opened) runs.push(await openSocket(context, plan, members))
    for (const line of describeReach(runs.flatMap(endpointsOf))) context.status(line)
    for (const { plan } of runs) if (plan.preview) await preview.watch()
    context.ready()
    if (context.json) stopPrinting = printStatistics(context, runs)
    await runAll(context, runs, maxValues)
  } finally {
    await preview.close()
    for (const { source } of opened.flatMap(({ members }) => members)) {
      if (isListener(source)) await source.close()
    }
    for (const { publisher } of runs) await publisher.close(!context.signal.aborted)
    stopPrinting()
    if (runs.length === plans.length) summarize(context, runs, (performance.now() - startedMs) / 1000)
  }
}

async function openSocket(
  context: CommandContext,
  plan: StreamPlan,
  members: readonly OpenMember[],
): Promise<PublisherRun> {
  const { connect, lossless, batch } = plan
  const bind = plan.preview ? [...plan.bind, PREVIEW_ENDPOINT] : plan.bind
  const expectedBytes = Math.max(...members.map(({ source }) => source.expectedBytes))
  const publisher = await Publisher.open({ bind, connect, lossless, batch, expectedBytes, log: context.log })
  const where = endpointsOf({ publisher }).join(', ')
  for (const { member, source } of members) {
    const from = isListener(source) ? ` what comes to ${source.address}, as` : ''
    context.status(`publishing${from} ${member.topic} on ${where}`)
  }
  return { plan, publisher, members }
}

/** Where a publisher can be reached from outside its process. */
function endpointsOf({ publisher }: Pick<PublisherRun, 'publisher'>): readonly string[] {
  return publisher.endpoints.filter((endpoint) => endpoint !== PREVIEW_ENDPOINT)
}

/** Runs every stream to its end; when one fails, the others are ended before the failure is passed on. */
async function runAll(
  context: CommandContext,
  runs: readonly PublisherRun[],
  maxValues?: number,
): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([context.signal, failed.signal])
  const all = runs.flatMap((run) => run.members.map((member) => ({ ...run, ...member })))
  const results = await Promise.allSettled(
    all.map(async ({ plan: { always }, publisher, member: { stream }, source }) => {
      try {
        if (!isListener(source)) return await publisher.run(source, { stream, always, signal, maxValues })
        await source.listen(
          (client, number) =>
            publisher.run(client, { stream: numbered(stream, number), always, signal, maxValues }),
          signal,
        )
      } catch (error) {
        failed.abort()
        throw error
      }
    }),
  )
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}

/** `main`, `main-2`, `main-3`, ...; a long name gives way to the number. */
function numbered(stream: string, number: number): string {
  return number === 1 ? stream : `${stream.slice(0, 60)}-${number}`
}

function isListener(source: Source | SourceListener): source is SourceListener {
  return 'listen' in source
}
