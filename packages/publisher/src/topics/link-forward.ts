import { type BlockKind, KINDS, type TopicOffer, valueCount } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import type { PublisherParts } from '../publisher-parts.ts'
import { beginTopic, type HandleTopic } from './begin-topic.ts'
import { ForwardOutbox } from './forward-outbox.ts'
import type { ForwardLink, ForwardOptions } from './forward-topic.ts'

/**
 * Begins a topic whose values are numbered already, and connects its handle to the publisher.
 *
 * @param onEnd - Called when the topic has ended.
 */
export function linkForward(
  parts: PublisherParts,
  chosen: HandleTopic & { readonly kind: BlockKind },
  { onWatched }: ForwardOptions,
  onEnd: () => void,
): ForwardLink {
  const { hold, offers, sender } = parts
  const { topic, kind } = chosen
  const { signal } = parts.closing
  const { isNewestFirst } = KINDS[kind]
  /** Unknown until something is said or sent of the topic. */
  let epoch: number | undefined
  const { counts, demand, ...begun } = beginTopic(parts, chosen, { kind, epoch: () => epoch }, onWatched)
  const follow = (next: number): void => {
    epoch = next
    offers.follow(topic)
  }
  const outbox = new ForwardOutbox({
    topic,
    isGathered: !isNewestFirst,
    send: async (envelopes) => {
      const [first] = envelopes
      if (first && first.epoch !== epoch) follow(first.epoch as number)
      const { sent, dropped } = await sender.send(envelopes, signal, true)
      counts.sent += sent
      counts.dropped += dropped
      if (!isNewestFirst && hold?.isHeld) await hold.untilReleased(signal)
    },
    onOverflow: begun.onOverflow,
    onFailed: (error, lost) => {
      counts.dropped += lost.reduce((values, { block }) => values + valueCount(block), 0)
      parts.log?.error(
        `a value of ${topic} is not sent: ${errorMessage(error)}`,
        undefined,
        `forward ${topic}`,
      )
    },
  })
  const end = async (): Promise<void> => {
    try {
      await sender.end(topic)
    } finally {
      begun.end()
      onEnd()
    }
  }
  const announce = (offer: TopicOffer): void => {
    follow(offer.epoch)
    offers.announce(topic, offer)
  }
  return { topic, outbox, demand, announce, forget: () => sender.forget(topic), end }
}
