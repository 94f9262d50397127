import type { RecordedBlock } from '@zcast/subscribers'

/** Where the topic begins. */
const HEADER_BYTES = 56

const VERSION = 1
const PAST_PICTURE = 3

/**
 * Builds the binary WebSocket message of a picture of the past; `undefined` when it is no picture. All little-endian:
 *
 * | offset | type | meaning |
 * | --- | --- | --- |
 * | 0 | uint8 | 1, the version |
 * | 1 | uint8 | 3, a picture of the past |
 * | 2 | uint16 | where the JPEG begins |
 * | 4, 8 | uint32 | width and height in pixels |
 * | 12 | uint32 | the number of the question that it answers |
 * | 16 | float64 | seconds since the Unix epoch: when it was captured, or due |
 * | 24 | float64 | sequence number; NaN where the format has none |
 * | 32 | float64 | 1 for the first picture that was sent to this page, and so on |
 * | 40 | float64 | seconds since the Unix epoch at which it came |
 * | 48 | 8 bytes of nothing | |
 * | 56 | text | the topic, up to where the JPEG begins |
 */
export function encodePastPicture(
  { recordedAt, envelope }: RecordedBlock,
  number: number,
  request: number,
): Uint8Array | undefined {
  const { topic, block } = envelope
  if (block.kind !== 'video') return undefined
  const name = Buffer.from(topic)
  const begin = HEADER_BYTES + name.byteLength
  const message = new Uint8Array(begin + block.data.byteLength)
  const view = new DataView(message.buffer)
  view.setUint8(0, VERSION)
  view.setUint8(1, PAST_PICTURE)
  view.setUint16(2, begin, true)
  view.setUint32(4, block.width, true)
  view.setUint32(8, block.height, true)
  view.setUint32(12, request, true)
  view.setFloat64(16, block.time, true)
  view.setFloat64(24, block.seq ?? Number.NaN, true)
  view.setFloat64(32, number, true)
  view.setFloat64(40, recordedAt, true)
  message.set(name, HEADER_BYTES)
  message.set(block.data, begin)
  return message
}
