import { LineNumbersSource, Publisher, type Source } from '@zcast/publisher'
import type { SourceListener } from '@zcast/publisher/video'
import { KINDS, openTransport, SourceError, type TransportOptions } from '@zcast/shared'
import { errorMessage, hideSecrets, systemErrorCode } from '@zcast/shared/internal'
import type { CommandContext } from '../../command-context.ts'
import { Preview, PREVIEW_ENDPOINT } from './preview.ts'
import { warnOfExposure } from '../../security/exposure.ts'
import { describeReach } from './publish-addresses.ts'
import type { PublisherKeys } from '../../options/keys/publisher-keys.ts'
import { printStatistics, summarize } from './publish-report.ts'
import type { OpenMember, PublisherRun, StreamPlan } from './stream-plan.ts'

/** Publishes the streams of every kind on a socket of their own, until the end; prints the counts at the end. */
export async function publishStreams(
  context: CommandContext,
  plans: readonly StreamPlan[],
  keys: PublisherKeys,
  maxValues: number | undefined,
): Promise<void> {
  const opened: { plan: StreamPlan; members: OpenMember[] }[] = []
  const runs: PublisherRun[] = []
  let startedMs = performance.now()
  let stopPrinting = (): void => undefined
  const preview = new Preview(context)
  const ended = new AbortController()
  try {
    // Every source is opened before the first socket: subscribers must not be the first to notice a broken file.
    for (const plan of plans) {
      const members: OpenMember[] = []
      opened.push({ plan, members })
      for (const member of plan.members) {
        const source = await member.open(context)
        if (source) members.push({ member, source })
      }
    }
    if (context.signal.aborted) return
    // A window that cannot be opened is detected before the first socket too.
    if (plans.some((plan) => plan.preview)) await preview.open()
    startedMs = performance.now()
    const securities = await keys.open(context, ended.signal)
    for (const [index, { plan, members }] of opened.entries()) {
      if (members.length === 0) continue
      runs.push(await openSocket(context, plan, members, securities[index] as TransportOptions))
    }
    sayWhoCanReach(context, runs, keys.secured)
    for (const { plan } of runs) if (plan.preview) await preview.watch(plan.format)
    context.ready()
    if (context.json) stopPrinting = printStatistics(context, runs)
    await runAll(context, runs, maxValues)
    // A user who ends it before a camera was there got what was requested.
    if (!context.interrupted()) failIfSilent(runs)
  } finally {
    ended.abort()
    await preview.close()
    for (const { source } of opened.flatMap(({ members }) => members)) {
      if (isListener(source) || source instanceof LineNumbersSource) await source.close()
    }
    for (const { publisher } of runs) await publisher.close(!context.interrupted())
    stopPrinting()
    if (runs.length > 0 && runs.length === opened.filter(({ members }) => members.length > 0).length)
      summarize(context, runs, (performance.now() - startedMs) / 1000)
  }
}

async function openSocket(
  context: CommandContext,
  plan: StreamPlan,
  members: readonly OpenMember[],
  security: TransportOptions,
): Promise<PublisherRun> {
  const { connect, delivery, batch, heartbeatMs, maxMessageBytes } = plan
  const open = async (listenOn: readonly string[]): Promise<Publisher> => {
    const bind = plan.preview ? [...listenOn, PREVIEW_ENDPOINT] : listenOn
    const transport = plan.format
      ? await plan.format.openTransport('publisher', { bind, connect }, security)
      : await openTransport([...bind, ...connect], security)
    return Publisher.open({ ...options, bind, transport })
  }
  const expectedBytes = Math.max(...members.map(({ source }) => source.expectedBytes))
  const pictureTopics = members.reduce((sum, { source }) => sum + pictureTopicsOf(source), 0)
  const codec = plan.format?.openCodec()
  const options = {
    ...(codec && { codec }),
    connect,
    delivery,
    batch,
    heartbeatMs,
    maxMessageBytes,
    expectedBytes,
    pictureTopics,
    log: context.log,
  }
  const publisher = await open(plan.bind).catch((error: unknown) => {
    if (!plan.mayMove || systemErrorCode(error) !== 'ERR_ADDRESS_IN_USE') throw error
    context.status(`${plan.bind.join(', ')} is taken: ${plan.kind} gets a free port`)
    return open(plan.bind.map((endpoint) => endpoint.replace(/:\d+$/, ':*')))
  })
  const where = endpointsOf({ publisher }).join(', ')
  for (const { member, source } of members) {
    const from = isListener(source) ? ` what comes to ${source.address}, as` : ''
    const doubt = member.isUncertain ? ', if there is sound' : ''
    context.status(`publishing${from} ${member.topic} on ${where}${describeWait(plan.waitFor)}${doubt}`)
  }
  return { plan, publisher, members }
}

function sayWhoCanReach(context: CommandContext, runs: readonly PublisherRun[], secured: boolean): void {
  const bound = runs.flatMap((run) => {
    const connected = new Set(run.plan.connect.map((endpoint) => hideSecrets(endpoint)))
    return endpointsOf(run).filter((endpoint) => !connected.has(endpoint))
  })
  for (const line of describeReach(bound)) context.status(line)
  if (!secured) warnOfExposure(context, bound, 'publisher')
  const framed = runs.flatMap(({ members }) =>
    members.flatMap(({ source }) => (isListener(source) ? [source.address.replace(/^framed:/, 'tcp:')] : [])),
  )
  warnOfExposure(context, framed, 'framed')
}

function describeWait(subscribers: number): string {
  if (subscribers === 0) return ''
  return subscribers === 1
    ? ', once a subscriber is connected'
    : `, once ${subscribers} subscribers are connected`
}

/** The endpoints at which a publisher can be reached from outside its process. */
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
  const over = new AbortController()
  let leading = all.filter(({ plan }) => !plan.isCompanion).length
  const results = await Promise.allSettled(
    all.map(async ({ plan: { always, waitFor, isCompanion }, publisher, member: { stream }, source }) => {
      const options = isCompanion
        ? { always, signal: AbortSignal.any([signal, over.signal]) }
        : { always, waitFor, signal, maxValues }
      try {
        if (!isListener(source)) return await publisher.run(source, { ...options, stream })
        await source.listen(
          (client, number) => publisher.run(client, { ...options, stream: numbered(stream, number) }),
          signal,
        )
      } catch (error) {
        failed.abort()
        throw error
      } finally {
        if (!isCompanion && --leading === 0) over.abort()
      }
    }),
  )
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}

/** Fails when a source never gave anything, however long it was tried: nothing was published of it. */
function failIfSilent(runs: readonly PublisherRun[]): void {
  for (const { member, source } of runs.flatMap(({ members }) => members)) {
    if (isListener(source) || source.failure === undefined) continue
    const reason = errorMessage(source.failure)
    throw new SourceError('ERR_SOURCE_FAILED', `${member.topic} had no picture until the end: ${reason}`)
  }
}

/** Each client of a listener brings a stream, but few send at the same moment. */
const TOPICS_OF_A_LISTENER = 4

function pictureTopicsOf(source: Source | SourceListener): number {
  if (isListener(source)) return TOPICS_OF_A_LISTENER
  return KINDS[source.kind].isNewestFirst ? 1 + (source.renditions?.length ?? 0) : 0
}

/** Numbers names: `main`, `main-2`, `main-3`, ...; a long name is shortened for the number. */
function numbered(stream: string, number: number): string {
  return number === 1 ? stream : `${stream.slice(0, 60)}-${number}`
}

function isListener(source: Source | SourceListener): source is SourceListener {
  return 'listen' in source
}
