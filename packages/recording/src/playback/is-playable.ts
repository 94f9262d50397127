import { parseTopic } from '@zcast/shared'
import { isKind } from '@zcast/shared/internal'
import type { RecordedTopic } from '@zcast/subscribers'
import { SCHEMAS } from '@zcast/schemas'

/** True for a topic of zcast; those of other programs may have any name, and any messages. */
export function isPlayable({ topic, schema }: RecordedTopic): boolean {
  const kind = parseTopic(topic)?.kind
  return isKind(kind) && schema === SCHEMAS[kind].name
}
