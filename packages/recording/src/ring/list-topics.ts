import { SCHEMAS } from '@zcast/schemas'
import { parseTopic } from '@zcast/shared'
import { isKind } from '@zcast/shared/internal'
import type { RecordedTopic } from '@zcast/subscribers'
import { LOG_TOPIC } from '../messages/log-note.ts'
import { LOSSES_TOPIC } from '../messages/loss-note.ts'
import type { RingSegment } from './ring-segment.ts'

/**
 * The topics of segments by name, with the messages of each; not those of losses and of the log.
 *
 * @param forgotten - Topics whose last value is known, though no segment may have any.
 */
export function listTopics(
  segments: readonly RingSegment[],
  forgotten: readonly string[],
): readonly RecordedTopic[] {
  const topics = new Map<string, RecordedTopic>()
  for (const topic of forgotten) {
    const kind = parseTopic(topic)?.kind
    if (isKind(kind)) topics.set(topic, { topic, schema: SCHEMAS[kind].name, messages: 0 })
  }
  for (const { channels, counts } of segments)
    for (const [id, { topic, schema }] of channels) {
      const count = counts.get(id)
      if (count === undefined || topic === LOSSES_TOPIC || topic === LOG_TOPIC) continue
      topics.set(topic, { topic, schema, messages: (topics.get(topic)?.messages ?? 0) + count })
    }
  return [...topics.values()].toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
}
