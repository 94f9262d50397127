import {
  checkSubscription,
  formatTopic,
  KINDS,
  openTransport,
  OptionError,
  parseByteSize,
  parseDeliveryPolicy,
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
import { Admission } from './admission.ts'
import { planSubscriberKeys, type SubscriberKeys } from './curve-options.ts'
import { planSocket, type SocketPlan } from './socket-options.ts'

/** What a client and a viewer have in common. */
export interface SubscriptionPlan extends SocketPlan {
  readonly kind: BlockKind
  readonly keys: SubscriberKeys
  readonly topic: string
  readonly bind: readonly string[]
  readonly connect: readonly string[]
  readonly delivery: DeliveryPolicy
  /** The limit of delivery `all`. */
  readonly maxMemoryBytes: number | undefined
  readonly maxValues: number | undefined
}

/** A connection that takes no longer than this is not worth a word. */
const PATIENCE_MS = 500

/**
 * Reads the options of a subscription.
 *
 * @throws {@link OptionError}, {@link EndpointError} when one is wrong.
 */
export async function planSubscription(
  args: Arguments,
  { kind, delivery }: { readonly kind: BlockKind; readonly delivery: DeliveryPolicy },
): Promise<SubscriptionPlan> {
  const own = args.text('bind')
  const bind = own === undefined ? [] : [own]
  const given = args.list('connect')
  const connect = given.length > 0 || own !== undefined ? given : [KINDS[kind].endpoint]
  for (const endpoint of bind) parseEndpoint(endpoint)
  for (const endpoint of connect) parsePeerEndpoint(endpoint)
  // Publishers that come to one that listens have a name each.
  const isOpen = KINDS[kind].listensToAll && own !== undefined
  return {
    kind,
    topic: planTopic(args, kind, isOpen ? `${kind}/` : formatTopic(kind, KINDS[kind].stream)),
    bind,
    connect,
    ...planSocket(args),
    keys: await planSubscriberKeys(args),
    ...planDelivery(args, delivery),
    maxValues: args.integer('messages', { least: 1, most: Number.MAX_SAFE_INTEGER }),
  }
}

/** A subscription to every stream of a kind, at the endpoints that the option named after the kind gives. */
export async function planNamedSubscription(args: Arguments, kind: BlockKind): Promise<SubscriptionPlan> {
  const given = args.list(kind)
  const connect = given.length > 0 ? given : [KINDS[kind].endpoint]
  for (const endpoint of connect) parsePeerEndpoint(endpoint)
  return {
    kind,
    ...planSocket(args),
    keys: await planSubscriberKeys(args),
    topic: `${kind}/`,
    bind: [],
    connect,
    delivery: KINDS[kind].delivery,
    maxMemoryBytes: undefined,
    maxValues: undefined,
  }
}

/** With less a single message may be too much. */
const LEAST_MEMORY_BYTES = 2 ** 20

function planDelivery(
  args: Arguments,
  usual: DeliveryPolicy,
): Pick<SubscriptionPlan, 'delivery' | 'maxMemoryBytes'> {
  const text = args.text('delivery')
  const delivery = text === undefined ? usual : parseDeliveryPolicy(text)
  const size = args.text('max-memory')
  if (size === undefined) return { delivery, maxMemoryBytes: undefined }
  if (delivery !== 'all') throw new OptionError(`max-memory is for delivery all, and this one is ${delivery}`)
  const maxMemoryBytes = parseByteSize(size, 'max-memory')
  if (maxMemoryBytes < LEAST_MEMORY_BYTES)
    throw new OptionError(`max-memory must be 1M or more, got "${size}"`)
  return { delivery, maxMemoryBytes }
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
  const { kind: _kind, topic, maxValues, keys, ...options } = plan
  const { signal, log } = context
  const admission = new Admission(context, keys)
  const transport = await openTransport([...options.bind, ...options.connect], admission.security)
  await using subscriber = await Subscriber.open({ ...options, topics: [topic], log, transport })
  admission.watch(subscriber, plan)
  let stopTelling: (() => void) | undefined
  let stopPrinting = (): void => undefined
  // A sink that cannot open is one sentence: nothing has run that could be told of or summed up.
  const opened = (): void => {
    stopTelling = tellState(context, subscriber, topic)
    if (statisticsOnStdout) stopPrinting = printStatistics(context, subscriber, topic)
    context.ready(onOpen?.())
  }
  try {
    await subscriber.run(sink, { signal, maxValues, notices: context.notices, onOpen: opened })
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

/** Says on stderr when it waits, and for whom. */
function tellState(context: CommandContext, subscriber: Subscriber, topic: string): () => void {
  const where = subscriber.endpoints.join(', ')
  let before: SubscriberState = 'connecting'
  let wasLive = false
  const wait = (): void => {
    // At the common end of a demo the publisher may be the first to go.
    if (context.signal.aborted) return
    context.status(`waiting for ${topic} from ${where}`)
  }
  const timer = setTimeout(() => {
    if (subscriber.state === 'connecting') wait()
  }, PATIENCE_MS)
  const tell = (state: SubscriberState): void => {
    // Whatever has changed before its time came is said here.
    clearTimeout(timer)
    if (state === 'connecting') wait()
    if (state === 'stale') context.status(describeSilence(subscriber, topic, where))
    if (state === 'idle')
      context.status(`idle: nobody watches, so ${topic} is not received until somebody does`)
    if (state === 'live') context.status(describeReturn(before, wasLive, topic, where))
    wasLive ||= state === 'live'
    before = state
  }
  if (subscriber.state === 'live') tell('live')
  subscriber.onState(tell)
  return () => clearTimeout(timer)
}

function describeReturn(from: SubscriberState, wasLive: boolean, topic: string, where: string): string {
  if (from === 'stale') return `${topic} comes again`
  const change = from === 'idle' ? 'receiving again' : wasLive ? 'connected again' : 'connected'
  return `${change}: ${topic} from ${where}`
}

function describeSilence({ statistics }: Subscriber, topic: string, where: string): string {
  return statistics.counts().received > 0
    ? `nothing comes on ${topic} any more, but ${where} is there`
    : `${where} is there, but nothing comes on ${topic}: check the name of the stream`
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
