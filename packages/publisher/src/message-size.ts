import type { Message } from '@zcast/shared'

/** The bytes of all parts of a message. */
export function messageSize(message: Message): number {
  let bytes = 0
  for (const part of message) bytes += part.byteLength
  return bytes
}
