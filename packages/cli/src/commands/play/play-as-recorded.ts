import type { ForwardTopic } from '@zcast/publisher'
import type { Player, ReplaySource } from '@zcast/recording'
import { formatTopic } from '@zcast/shared'
import { Numbering } from '@zcast/shared/internal'
import type { PlaySocket } from './play-sockets.ts'

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
  try {
    await begin(signal)
    want()
    await player.run(({ envelope }) => topics.get(envelope.topic)?.send(numbering.number(envelope)), signal)
  } finally {
    await Promise.all([...topics.values()].map((topic) => topic.close()))
  }
}

function topicsOf({ kind, stream, renditions }: ReplaySource): readonly string[] {
  return [undefined, ...renditions].map((rendition) => formatTopic(kind, stream, rendition))
}
