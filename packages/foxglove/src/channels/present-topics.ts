import { type BlockKind, parseTopic } from '@zcast/shared'
import { matchesSubscription } from '@zcast/shared/internal'
import type { TopicAccount, TopicWatch } from '@zcast/subscribers/topics'

/** The kinds that can be served. */
export const SERVED_KINDS = ['numbers', 'video', 'audio'] as const
type ServedKind = (typeof SERVED_KINDS)[number]

/** A topic that can be served. */
export interface PresentTopic {
  readonly topic: string
  readonly kind: ServedKind
  /** Where it comes from; at least one. */
  readonly endpoints: readonly string[]
  /** True when its publisher answers questions, as those of zcast do. */
  readonly isOffered: boolean
}

/** What its publishers have not named for so long is gone; a publisher that is only started again is back sooner. */
const GONE_AFTER_MS = 6000

/** Finds out which topics there are now. */
export class PresentTopics {
  readonly #watch: TopicWatch
  readonly #wanted: readonly string[]
  readonly #connectedAtMs = new Map<string, number>()

  /** @param wanted - Topics and whole kinds. Empty for every one. */
  constructor(watch: TopicWatch, wanted: readonly string[]) {
    this.#watch = watch
    this.#wanted = wanted
  }

  /** Those there are, by name. */
  list(nowMs: number): ReadonlyMap<string, PresentTopic> {
    for (const { endpoint, state } of this.#watch.endpoints)
      if (state === 'connected') this.#connectedAtMs.set(endpoint, nowMs)
    const found = new Map<string, PresentTopic>()
    for (const account of this.#watch.topics) {
      const kind = servedKind(account)
      const { topic, endpoint, offer } = account
      if (!kind || !this.#isWanted(topic) || !this.#isPresent(account, nowMs)) continue
      const endpoints = [...(found.get(topic)?.endpoints ?? []), endpoint]
      found.set(topic, { topic, kind, endpoints, isOffered: offer !== undefined })
    }
    return found
  }

  #isWanted(topic: string): boolean {
    if (this.#wanted.length === 0) return true
    const { kind, stream } = parseTopic(topic) ?? {}
    return this.#wanted.some(
      (wanted) => matchesSubscription(topic, wanted) || matchesSubscription(`${kind}/${stream}`, wanted),
    )
  }

  /** Other programs' publishers are looked at once: their topics are there as long as they are. */
  #isPresent({ endpoint, offeredAtMs }: TopicAccount, nowMs: number): boolean {
    const seenMs = offeredAtMs ?? this.#connectedAtMs.get(endpoint)
    return seenMs !== undefined && nowMs - seenMs < GONE_AFTER_MS
  }
}

/** `undefined` for what cannot be served: what people say, and formats that are not known. */
export function servedKind({ topic, offer, look }: TopicAccount): ServedKind | undefined {
  const kind: BlockKind | undefined = offer?.kind ?? look?.kind
  return SERVED_KINDS.find((served) => served === kind && parseTopic(topic)?.kind === kind)
}
