import type { McapTypes } from '@mcap/core'
import { parseTopic } from '@zcast/shared'
import { isKind } from '@zcast/shared/internal'
import type { RecordedBlock } from '@zcast/subscribers'
import { decodeBlock } from './decode-block.ts'
import { SCHEMAS } from './schemas.ts'

/** Reads the value in a message of a channel. @returns `undefined` when it has none that zcast knows. */
export function decodeValue(
  { topic, messageEncoding }: McapTypes.Channel,
  schema: string | undefined,
  message: McapTypes.Message,
): RecordedBlock | undefined {
  const { kind, rendition } = parseTopic(topic) ?? {}
  // Other programs may have topics of the same names.
  if (!isKind(kind) || messageEncoding !== 'protobuf' || schema !== SCHEMAS[kind].name) return undefined
  const value = decodeBlock(kind, message.data)
  if (!value) return undefined
  const { epoch, arrivalTime } = value
  const block =
    value.block.kind === 'video' && rendition !== undefined ? { ...value.block, rendition } : value.block
  return {
    recordedAt: Number(message.logTime) / 1e9,
    envelope: { topic, epoch, ...(arrivalTime && { arrivalTime }), block },
  }
}
