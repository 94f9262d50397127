import { type MessageTime, nanoseconds } from '@zcast/schemas'

const MESSAGE_DATA = 1
const SUBSCRIPTION_AT = 1
const TIME_AT = 5

/** The bytes before the payload of a message: `01 | u32 subscription | u64 nanoseconds`, little-endian. */
export const FRAME_HEAD_BYTES = 13

/**
 * Completes a message for every client: all but the subscription's number, which each chose itself.
 *
 * @param message - With {@link FRAME_HEAD_BYTES} free bytes before its payload.
 */
export function startFrame(message: Buffer, time: MessageTime): Buffer {
  message[0] = MESSAGE_DATA
  message.writeBigUInt64LE(nanoseconds(time), TIME_AT)
  return message
}

/** A copy of a message for one subscription. */
export function frameFor(message: Buffer, subscription: number): Buffer {
  const frame = Buffer.from(message)
  frame.writeUInt32LE(subscription, SUBSCRIPTION_AT)
  return frame
}
