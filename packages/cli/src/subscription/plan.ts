import {
  checkSubscription,
  DEFAULT_ENDPOINTS,
  DEFAULT_STREAMS,
  formatTopic,
  OptionError,
  parseByteSize,
  parseDeliveryPolicy,
  parseEndpoint,
  parsePeerEndpoint,
  type BlockKind,
  type DeliveryPolicy,
} from '@zcast/shared'
import type { Arguments } from '../options/arguments.ts'
import { planSubscriberKeys, type SubscriberKeys } from '../options/curve-options.ts'
import { planSocket, type SocketPlan } from '../options/socket-options.ts'

/** What a client and a viewer have in common. */
export interface SubscriptionPlan extends SocketPlan {
  readonly keys: SubscriberKeys
  readonly topic: string
  /** Its renditions choose themselves. */
  readonly rendition?: 'auto'
  readonly bind: readonly string[]
  readonly connect: readonly string[]
  readonly delivery: DeliveryPolicy
  /** The limit of delivery `all`. */
  readonly maxMemoryBytes: number | undefined
  readonly maxValues: number | undefined
}

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
  const connect = given.length > 0 || own !== undefined ? given : [DEFAULT_ENDPOINTS[kind]]
  for (const endpoint of bind) parseEndpoint(endpoint)
  for (const endpoint of connect) parsePeerEndpoint(endpoint)
  // Publishers that come to one that listens have a name each.
  const isOpen = kind === 'video' && own !== undefined
  return {
    topic: planTopic(args, kind, isOpen ? `${kind}/` : formatTopic(kind, DEFAULT_STREAMS[kind])),
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
  const connect = given.length > 0 ? given : [DEFAULT_ENDPOINTS[kind]]
  for (const endpoint of connect) parsePeerEndpoint(endpoint)
  const delivery = kind === 'numbers' ? 'all' : 'latest'
  return {
    ...planSocket(args),
    keys: await planSubscriberKeys(args),
    topic: `${kind}/`,
    bind: [],
    connect,
    delivery,
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
