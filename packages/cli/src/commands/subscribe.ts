import {
  checkSubscription,
  DEFAULT_ENDPOINTS,
  DEFAULT_STREAMS,
  formatTopic,
  OptionError,
  parseEndpoint,
  parsePeerEndpoint,
  type BlockKind,
  type DeliveryPolicy,
  type StatisticsWindow,
} from '@zcast/shared'
import {
  formatSummary,
  reportStatistics,
  Subscriber,
  type Sink,
  type SubscriberState,
} from '@zcast/subscribers'
import type { Arguments } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'

/** What a client and a viewer have in common. */
export interface SubscriptionPlan {
  readonly kind: BlockKind
  readonly topic: string
  readonly bind: readonly string[]
  readonly connect: readonly string[]
  readonly delivery: DeliveryPolicy
  readonly maxValues: number | undefined
}

/** A connection that takes no longer than this is not worth a word. */
const PATIENCE_MS = 500

/**
 * Reads the options of a subscription.
 *
 * @throws {@link OptionError}, {@link EndpointError} when one is wrong.
 */
export function planSubscription(
  args: Arguments,
  { kind, delivery }: { readonly kind: BlockKind; readonly delivery: DeliveryPolicy },
): SubscriptionPlan {
  const own = args.text('bind')
  const bind = own === undefined ? [] : [own]
  const given = args.list('connect')
  const connect = given.length > 0 || own !== undefined ? given : [DEFAULT_ENDPOINTS[kind]]
  for (const endpoint of bind) parseEndpoint(endpoint)
  for (const endpoint of connect) parsePeerEndpoint(endpoint)
  // Publishers that come to one that listens have a name each.
  const isOpen = kind === 'video' && own !== undefined
  return {
    kind,
    topic: planTopic(args, kind, isOpen ? `${kind}/` : formatTopic(kind, DEFAULT_STREAMS[kind])),
    bind,
    connect,
    delivery,
    maxValues: args.integer('messages', { least: 1, most: Number.MAX_SAFE_INTEGER }),
  }
}

/** A subscription to every stream of a kind, at the endpoints that the option named after the kind gives. */
export function planNamedSubscription(args: Arguments, kind: BlockKind): SubscriptionPlan {
  const given = args.list(kind)
  const connect = given.length > 0 ? given : [DEFAULT_ENDPOINTS[kind]]
  for (const endpoint of connect) parsePeerEndpoint(endpoint)
  const delivery = kind === 'numbers' ? 'all' : 'latest'
  return { kind, topic: `${kind}/`, bind: [], connect, delivery, maxValues: undefined }
}

function planTopic(args: Arguments, kind: BlockKind, unlessGiven: string): string {
  const topic = checkSubscription(args.text('topic') ?? unlessGiven)
  if (topic.startsWith(`${kind}/`) || topic.startsWith(`${kind}@`)) return topic
  throw new OptionError(`topic must begin with ${kind}/, got "${topic}"`)
}

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
  const { topic, bind, connect, delivery, maxValues } = plan
  const { signal, log } = context
  await using subscriber = await Subscriber.open({ topics: [topic], bind, connect, delivery, log })
  let stopTelling: (() => void) | undefined
  let stopPrinting = (): void => undefined
  const opened: Sink = {
    open: async (sinkContext) => {
      await sink.open(sinkContext)
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
}

function summarize(context: CommandContext, { statistics }: Subscriber): void {
  context.summary(formatSummary(statistics))
  const { received, lost } = statistics.counts()
  context.report({ type: 'summary', received, lost, latencyMs: statistics.latency.summary() })
}

/** Says on stderr when it waits, and for whom. */
function tellState(context: CommandContext, subscriber: Subscriber, topic: string): () => void {
  const where = subscriber.endpoints.join(', ')
  let wasLive = false
  let wasIdle = false
  const wait = (): void => {
    // At the common end of a demo the publisher may be the first to go.
    if (context.signal.aborted) return
    context.status(`waiting for ${topic} from ${where}`)
  }
  const timer = setTimeout(() => {
    if (subscriber.state === 'connecting') wait()
  }, PATIENCE_MS)
  const tell = (state: SubscriberState): void => {
    if (state === 'idle')
      context.status(`idle: nobody watches, so ${topic} is not received until somebody does`)
    if (state === 'connecting') wait()
    if (state === 'live') {
      const change = wasIdle ? 'receiving again' : wasLive ? 'connected again' : 'connected'
      context.status(`${change}: ${topic} from ${where}`)
      wasLive = true
    }
    wasIdle = state === 'idle'
  }
  if (subscriber.state === 'live') tell('live')
  subscriber.onState(tell)
  return () => clearTimeout(timer)
}

/** Prints a report each second, and the summary when it is stopped. */
function printStatistics({ output }: CommandContext, { statistics }: Subscriber, topic: string): () => void {
  const window = statistics.openWindow(topic.endsWith('/') ? undefined : topic)
  const print = (of?: StatisticsWindow): void =>
    void output.write(`${JSON.stringify(reportStatistics(statistics, topic, of))}\n`)
  const timer = setInterval(() => print(window), 1000)
  return () => {
    clearInterval(timer)
    window.close()
    print()
  }
}
