import type { Frame } from '@zcast/shared'

/** The length of the header before each picture on the WebSocket. */
const PICTURE_HEADER_BYTES = 40

const VERSION = 1
const PICTURE = 1

/**
 * Builds the binary WebSocket message of a picture. All little-endian:
 *
 * | offset | type | meaning |
 * | --- | --- | --- |
 * | 0 | uint8 | 1, the version |
 * | 1 | uint8 | 1, a picture |
 * | 2 | uint16 | where the JPEG begins |
 * | 4, 8 | uint32 | width and height in pixels |
 * | 12 | uint32 | 0 |
 * | 16 | float64 | seconds since the Unix epoch: when it was captured, or due |
 * | 24 | float64 | sequence number; NaN where the format has none |
 * | 32 | float64 | 1 for the first picture that came to this viewer, and so on |
 */
export function encodePictureMessage(frame: Frame, number: number): Uint8Array {
  const message = new Uint8Array(PICTURE_HEADER_BYTES + frame.data.byteLength)
  const view = new DataView(message.buffer)
  view.setUint8(0, VERSION)
  view.setUint8(1, PICTURE)
  view.setUint16(2, PICTURE_HEADER_BYTES, true)
  view.setUint32(4, frame.width, true)
  view.setUint32(8, frame.height, true)
  view.setFloat64(16, frame.time, true)
  view.setFloat64(24, frame.seq ?? Number.NaN, true)
  view.setFloat64(32, number, true)
  message.set(frame.data, PICTURE_HEADER_BYTES)
  return message
}
