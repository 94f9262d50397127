import { readValue, SCHEMAS } from '@zcast/schemas'
import { type BlockKind, type Envelope, parseTopic } from '@zcast/shared'
import { isKind } from '@zcast/shared/internal'
import type { RecordedChannel } from '../reading/chunk-file.ts'

/** The kind of the values in a channel's messages; `undefined` when zcast knows none. */
export function kindOfChannel({ topic, messageEncoding, schema }: RecordedChannel): BlockKind | undefined {
  const kind = parseTopic(topic)?.kind
  // Other programs may have topics of the same names.
  return isKind(kind) && messageEncoding === 'protobuf' && schema === SCHEMAS[kind].name ? kind : undefined
}

/** Reads the value in a message. @returns `undefined` when it is none. */
export function decodeValue(topic: string, kind: BlockKind, data: Uint8Array): Envelope | undefined {
  const value = readValue(kind, data)
  if (!value) return undefined
  const { epoch, arrivalTime, withheld, block } = value
  const rendition = kind === 'video' ? parseTopic(topic)?.rendition : undefined
  return {
    topic,
    epoch,
    ...(arrivalTime && { arrivalTime }),
    ...(withheld > 0 && { withheld }),
    block: block.kind === 'video' && rendition !== undefined ? { ...block, rendition } : block,
  }
}
