import type { PublisherOptions } from '@zcast/publisher'
import { KINDS, type TopicOffer } from '@zcast/shared'

/** What mostly passes a relay, by which its queues are made: short ones for pictures. */
export type Carries = 'numbers' | 'pictures' | 'both'

/**
 * Queues for one subscriber below: numbers, 1000 messages. Pictures, five of 450 kB. Where both pass, 128 messages: a
 * subscriber of numbers may stand still for 40 ms at a million arrays a second, and a picture that waits for one that
 * asks for no lane may be some seconds old.
 */
const QUEUES: Readonly<Record<Carries, Pick<PublisherOptions, 'expectedBytes' | 'pictureTopics'>>> = {
  numbers: { expectedBytes: 16 * 1024, pictureTopics: 0 },
  pictures: { expectedBytes: 450_000, pictureTopics: 4 },
  both: { expectedBytes: 128 * 1024, pictureTopics: 127 },
}

/** The queues for what passes. */
export function queueFor(carries: Carries): Pick<PublisherOptions, 'expectedBytes' | 'pictureTopics'> {
  return QUEUES[carries]
}

/** What passes, by what the publishers above say that they have. */
export function carriesOf(offers: Iterable<TopicOffer>): Carries {
  const kinds = new Set([...offers].map(({ kind }) => KINDS[kind].isNewestFirst))
  if (kinds.size === 1) return kinds.has(true) ? 'pictures' : 'numbers'
  return 'both'
}
