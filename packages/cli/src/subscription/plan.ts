import type { Format } from '@zcast/formats'
import { type BlockKind, type DeliveryPolicy, formatTopic, KINDS, OptionError } from '@zcast/shared'
import {
  checkSubscription,
  KIND_NAMES,
  parseDeliveryPolicy,
  parseOwnEndpoint,
  parsePeerEndpoint,
} from '@zcast/shared/internal'
import type { Arguments } from '../options/reading/arguments.ts'
import { findFormatFor, readFormat, usualEndpoint } from '../options/sockets/format-option.ts'
import { planSubscriberKeys, type SubscriberKeys } from '../options/keys/read-keys.ts'
import { planSocket, type SocketPlan } from '../options/sockets/plan-socket.ts'

/** The topics and endpoints of a subscription, whatever its values are used for. */
export interface SubscriptionPlan extends SocketPlan {
  readonly keys: SubscriberKeys
  /** At least one, of any kind: `numbers/a`, `video/b`, or `video/` for every stream of a kind. */
  readonly topics: readonly string[]
  /** Chooses its renditions automatically. */
  readonly rendition?: 'auto'
  /** That of other programs; zcast's own without it. */
  readonly format?: Format
  readonly bind: readonly string[]
  readonly connect: readonly string[]
  readonly delivery: DeliveryPolicy
  /** Topics that whole kinds may bring. */
  readonly maxTopics?: number
  /** The limit of delivery `all`. */
  readonly maxMemoryBytes: number | undefined
  readonly maxValues: number | undefined
}

/**
 * Reads the options of a subscription.
 *
 * @param what.alike - Kinds that are as welcome as `kind` where `topic` names them.
 * @throws {@link OptionError}, {@link EndpointError} when one is wrong.
 */
export async function planSubscription(
  args: Arguments,
  what: {
    readonly kind: BlockKind
    readonly alike?: readonly BlockKind[]
    readonly delivery: DeliveryPolicy
  },
): Promise<SubscriptionPlan> {
  const { kind, alike = [], delivery } = what
  const own = args.text('bind')
  const format = await readFormat(args, 'subscriber', [kind])
  // Publishers that connect to a listening subscriber have a name each, and other programs name theirs as they like.
  const isOpen = (KINDS[kind].listensToAll && own !== undefined) || format !== undefined
  const kinds = [kind, ...alike]
  const topics = planTopics(args, kinds, isOpen ? `${kind}/` : formatTopic(kind, KINDS[kind].stream))
  const wanted = kinds.filter((each) => topics.some((topic) => isOfKind(topic, each)))
  return {
    ...(format && { format }),
    topics,
    ...planEndpoints(args, wanted, format),
    ...planSocket(args),
    keys: await planSubscriberKeys(args),
    ...planDelivery(args, delivery),
    maxValues: args.integer('messages', { least: 1, most: Number.MAX_SAFE_INTEGER }),
  }
}

function planEndpoints(
  args: Arguments,
  kinds: readonly BlockKind[],
  format: Format | undefined,
): Pick<SubscriptionPlan, 'bind' | 'connect'> {
  const own = args.text('bind')
  const given = args.list('connect')
  const isNamed = own !== undefined || given.length > 0
  const usual = [...new Set(kinds.map((kind) => usualEndpoint(kind, format)))]
  const listens = !isNamed && format?.listener === 'subscriber'
  const bind = own === undefined ? (listens ? usual : []) : [own]
  const connect = isNamed || listens ? [...new Set(given)] : usual
  for (const endpoint of bind) parseOwnEndpoint(endpoint)
  for (const endpoint of connect) parsePeerEndpoint(endpoint)
  return { bind, connect }
}

/** A subscription to streams of one kind, beside those of others. */
export interface NamedSubscription {
  readonly kind: BlockKind
  readonly plan: SubscriptionPlan
  /** Whether it is missed while nothing comes. */
  readonly isExpected: boolean
}

/**
 * Plans a subscription for each kind that `topic` names, by default every stream of all kinds, at the endpoints in the
 * option named after the kind.
 *
 * @throws {@link OptionError}, {@link EndpointError} when an option is wrong.
 */
export async function planNamedSubscriptions(
  args: Arguments,
  kinds: readonly BlockKind[],
): Promise<readonly NamedSubscription[]> {
  const topics = planTopics(args, kinds, ...kinds.map((kind) => `${kind}/`))
  const formats = await Promise.all(
    args.list('format').map((name) => findFormatFor(name, 'subscriber', kinds)),
  )
  const keys = await planSubscriberKeys(args)
  const wanted = kinds.map((kind) => ({ kind, own: topics.filter((topic) => isOfKind(topic, kind)) }))
  return wanted.flatMap(({ kind, own }, index) => {
    const given = args.list(kind)
    const format = formats.find((each) => each?.kinds.includes(kind))
    const endpoints = given.length > 0 ? given : [usualEndpoint(kind, format)]
    const listens = format?.listener === 'subscriber'
    for (const endpoint of endpoints) (listens ? parseOwnEndpoint : parsePeerEndpoint)(endpoint)
    if (own.length === 0) return []
    const plan: SubscriptionPlan = {
      ...(format && { format }),
      ...planSocket(args),
      // They have the same keys, so the warning about their file is given once.
      keys:
        wanted.findIndex((other) => other.own.length > 0) === index ? keys : { ...keys, warning: undefined },
      topics: own,
      bind: listens ? endpoints : [],
      connect: listens ? [] : endpoints,
      delivery: KINDS[kind].delivery,
      maxMemoryBytes: undefined,
      maxValues: undefined,
    }
    const isNamed = given.length > 0 || args.list('topic').length > 0
    return [{ kind, plan, isExpected: KINDS[kind].isExpected || isNamed }]
  })
}

/**
 * Plans one subscription to streams of all kinds, or all that a format carries, without a loss: every stream at the usual
 * endpoints, unless `topic`, `bind` and `connect` name others.
 *
 * @throws {@link OptionError}, {@link EndpointError} when an option is wrong.
 */
export async function planEverything(args: Arguments): Promise<SubscriptionPlan> {
  const format = await readFormat(args, 'subscriber')
  const kinds = format?.kinds ?? KIND_NAMES
  // What has no values has no kinds of topics either.
  const isRaw = kinds.length === 0
  return {
    ...(format && { format }),
    topics: isRaw ? args.list('topic') : planTopics(args, kinds, ...kinds.map((kind) => `${kind}/`)),
    maxTopics: MOST_TOPICS,
    ...planEndpoints(args, isRaw ? ['numbers'] : kinds, format),
    ...planSocket(args),
    keys: await planSubscriberKeys(args),
    ...planDelivery(args, 'all'),
    maxValues: args.integer('messages', { least: 1, most: Number.MAX_SAFE_INTEGER }),
  }
}

/** As many as a recording holds. */
const MOST_TOPICS = 4096

function planDelivery(
  args: Arguments,
  usual: DeliveryPolicy,
): Pick<SubscriptionPlan, 'delivery' | 'maxMemoryBytes'> {
  const text = args.text('delivery')
  const delivery = text === undefined ? usual : parseDeliveryPolicy(text)
  // With less, a single message may be too large.
  const maxMemoryBytes = args.byteSize('max-memory', { least: '1M' })
  if (maxMemoryBytes !== undefined && delivery !== 'all')
    throw new OptionError(`max-memory applies to delivery all only, and delivery is ${delivery}`)
  return { delivery, maxMemoryBytes }
}

function planTopics(
  args: Arguments,
  kinds: readonly BlockKind[],
  ...unlessGiven: string[]
): readonly string[] {
  const given = args.list('topic')
  const topics = [
    ...new Set((given.length > 0 ? given : unlessGiven).map((topic) => checkSubscription(topic))),
  ]
  for (const topic of topics) {
    if (kinds.some((kind) => isOfKind(topic, kind))) continue
    throw new OptionError(
      `topic must begin with ${kinds.map((kind) => `${kind}/`).join(' or ')}, got "${topic}"`,
    )
  }
  return topics
}

function isOfKind(topic: string, kind: BlockKind): boolean {
  return topic.startsWith(`${kind}/`) || topic.startsWith(`${kind}@`)
}

/** The topics as they are named in sentences and reports. */
export function nameTopics({ topics }: Pick<SubscriptionPlan, 'topics'>): string {
  return topics.join(', ')
}
