import type { Message } from '@zcast/shared'

/** The encoding of messages that are kept as they came: each part with its length before it, 32 bits, little-endian. */
export const RAW_ENCODING = 'zcast-raw'

/** The topic of messages whose first part is not the name of one. */
const NAMELESS = 'raw'
const NAME = /^[\x21-\x7e][\x20-\x7e]{0,129}$/

/** The topic under which a message is recorded: its first part, where that is a name and not all of it. */
export function rawTopicOf([first, ...others]: Message): string {
  if (!first || others.length === 0 || first.byteLength > 130) return NAMELESS
  const text = Buffer.from(first.buffer, first.byteOffset, first.byteLength).toString('latin1')
  return NAME.test(text) ? text : NAMELESS
}

/** The parts of a message in one piece. */
export function encodeRawMessage(message: Message): Uint8Array {
  const bytes = new Uint8Array(message.reduce((sum, part) => sum + 4 + part.byteLength, 0))
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const part of message) {
    view.setUint32(offset, part.byteLength, true)
    bytes.set(part, offset + 4)
    offset += 4 + part.byteLength
  }
  return bytes
}

/** Reads the parts of a raw message, as `zcast record --format raw` writes them. @returns The parts; `undefined` when the bytes are not such a message. */
export function decodeRawMessage(bytes: Uint8Array): Message | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: Uint8Array[] = []
  for (let offset = 0; offset < bytes.byteLength;) {
    if (offset + 4 > bytes.byteLength) return undefined
    const end = offset + 4 + view.getUint32(offset, true)
    if (end > bytes.byteLength) return undefined
    parts.push(bytes.subarray(offset + 4, end))
    offset = end
  }
  return parts
}
