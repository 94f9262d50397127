import type { BlockKind } from './block.ts'
import { OptionError } from './errors.ts'

/** A parsed topic. */
export interface Topic {
  /** `numbers`, `video`, `audio` or `chat` so far; `[a-z0-9]{1,32}`. */
  readonly kind: string
  /** Another size of the same stream, such as `360p`; `[a-z0-9]{1,32}`. */
  readonly rendition?: string | undefined
  /** The stream's name; `[A-Za-z0-9._-]{1,64}`. */
  readonly stream: string
}

const TOPIC = /^([a-z0-9]{1,32})(?:@([a-z0-9]{1,32}))?\/([A-Za-z0-9._-]{1,64})$/
const WHOLE_KIND = /^[a-z0-9]{1,32}(?:@[a-z0-9]{1,32})?\/$/
const STREAM = /^[A-Za-z0-9._-]{1,64}$/
const RENDITION = /^[a-z0-9]{1,32}$/

/** The longest topic in bytes: 32 + 1 + 32 + 1 + 64. */
export const MAX_TOPIC_BYTES = 130

/** Parses a topic. @returns `undefined` when it breaks the naming rules. */
export function parseTopic(text: string): Topic | undefined {
  const match = TOPIC.exec(text)
  return match ? { kind: match[1] as string, rendition: match[2], stream: match[3] as string } : undefined
}

/**
 * Builds the topic of a stream.
 *
 * @throws {@link OptionError} `ERR_TOPIC` when the stream's name is not `[A-Za-z0-9._-]{1,64}`, or the rendition's not
 *   `[a-z0-9]{1,32}`.
 */
export function formatTopic(kind: BlockKind, stream: string, rendition?: string): string {
  if (!STREAM.test(stream)) {
    throw new OptionError(`the stream name "${stream}" must be 1 to 64 of A-Z a-z 0-9 . _ -`, {
      code: 'ERR_TOPIC',
    })
  }
  if (rendition !== undefined && !RENDITION.test(rendition)) {
    throw new OptionError(`the rendition "${rendition}" must be 1 to 32 of a-z 0-9`, { code: 'ERR_TOPIC' })
  }
  return rendition === undefined ? `${kind}/${stream}` : `${kind}@${rendition}/${stream}`
}

/** True when it is a whole topic or a whole kind. */
export function isSubscription(text: string): boolean {
  return TOPIC.test(text) || WHOLE_KIND.test(text)
}

/**
 * Checks a subscription: a whole topic (`video/main`) or a whole kind (`video/`).
 *
 * @throws {@link OptionError} `ERR_TOPIC` when it is neither.
 */
export function checkSubscription(subscription: string): string {
  if (isSubscription(subscription)) return subscription
  throw new OptionError(
    `"${subscription}" is not a topic: write KIND/STREAM such as numbers/random, or KIND/ for every stream of a kind`,
    { code: 'ERR_TOPIC' },
  )
}

/**
 * True when a received topic matches a subscription. ZeroMQ filters by prefix, so `video/cam1` lets `video/cam10`
 * through; this requires equality, or the whole kind when the subscription ends in `/`.
 */
export function matchesSubscription(topic: string, subscription: string): boolean {
  return subscription.endsWith('/') ? topic.startsWith(subscription) : topic === subscription
}
