import type { McapTypes } from '@mcap/core'
import { readValue, SCHEMAS } from '@zcast/schemas'
import { isKind } from '@zcast/shared/internal'
import type { RecordedBlock } from '@zcast/subscribers'

/** Reads the value in a message of a channel. @returns `undefined` when it has none that zcast knows. */
export function decodeValue(
  { topic, messageEncoding }: McapTypes.Channel,
  schema: string | undefined,
  message: McapTypes.Message,
): RecordedBlock | undefined {
  const kind = /^[a-z]+/.exec(topic)?.[0]
  // Other programs may have topics of the same names.
  if (!isKind(kind) || messageEncoding !== 'protobuf' || schema !== SCHEMAS[kind].name) return undefined
  const value = readValue(kind, message.data)
  if (!value) return undefined
  return {
    recordedAt: Number(message.logTime) / 1e9,
    envelope: { topic, epoch: value.epoch, block: value.block },
  }
}
