import type { ForwardTopic } from '@zcast/publisher'
import type { Player, ReplaySource } from '@zcast/recording'
import { type Envelope, formatTopic } from '@zcast/shared'
import { envelopeBytes, Numbering } from '@zcast/shared/internal'
import type { PlaySocket } from './play-sockets.ts'

/** What may be on its way to the sockets before more is played: values that wait together are sent together. */
const MOST_WAITING_BYTES = 256 * 1024

/**
 * Plays with the epochs, numbers and times that values had.
 *
 * @param begin - Resolves when it may begin, once its topics are there.
 */
export async function playAsRecorded(
  player: Player,
  sockets: readonly PlaySocket[],
  begin: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const topics = new Map<string, ForwardTopic>()
  const want = (): void =>
    player.want([...topics].flatMap(([topic, { isWatched }]) => (isWatched ? [topic] : [])))
  for (const { publisher, sources } of sockets)
    for (const topic of sources.flatMap(topicsOf))
      topics.set(topic, publisher.forward(topic, { onWatched: want }))
  const numbering = new Numbering()
  let waitingBytes = 0
  /** @returns A promise where the next value must wait. */
  const send = (topic: ForwardTopic, envelope: Envelope): Promise<void> | undefined => {
    const bytes = envelopeBytes(envelope)
    waitingBytes += bytes
    const sending = topic.send(numbering.number(envelope)).then(() => void (waitingBytes -= bytes))
    if (waitingBytes > MOST_WAITING_BYTES) return sending
    // The topic says again why it cannot go on, with the next value or at the end.
    sending.catch(() => undefined)
    return undefined
  }
  try {
    await begin(signal)
    want()
    await player.run(({ envelope }) => {
      const topic = topics.get(envelope.topic)
      return topic && send(topic, envelope)
    }, signal)
  } finally {
    await Promise.all([...topics.values()].map((topic) => topic.close()))
  }
}

function topicsOf({ kind, stream, renditions }: ReplaySource): readonly string[] {
  return [undefined, ...renditions].map((rendition) => formatTopic(kind, stream, rendition))
}
