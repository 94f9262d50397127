import type { McapTypes } from '@mcap/core'
import { nanoseconds, type ProtobufWriter, splitTime, writeValue } from '@zcast/schemas'
import type { Envelope } from '@zcast/shared'

/** A value of an envelope, such as a row of numbers, on its way to a channel. */
export interface PlacedValue {
  readonly channelId: number
  readonly row: number
  /** Nanoseconds since the Unix epoch. */
  readonly recordedAt: bigint
}

/**
 * Makes the message of one value: a row of numbers, or all of an envelope of another kind.
 *
 * @returns Its data is a view that the writer's next message overwrites.
 */
export function valueMessage(
  writer: ProtobufWriter,
  envelope: Envelope,
  { channelId, row, recordedAt }: PlacedValue,
): McapTypes.Message {
  const { block } = envelope
  const interval = block.kind === 'numbers' ? (block.interval ?? 0) : 0
  writeValue(writer.reset(), envelope, row)
  return {
    channelId,
    // It has 32 bits here, and all of them in the message itself.
    sequence: ((block.seq ?? 0) + row) % 2 ** 32,
    logTime: recordedAt,
    publishTime: nanoseconds(splitTime(block.time + row * interval)),
    data: writer.bytes,
  }
}
