import type { SoundBlock } from '@zcast/shared'
import type { AnySound } from '@zcast/shared/internal'

/** The length of the header before the samples. */
export const SOUND_HEADER_BYTES = 48

const VERSION = 1
const SOUND = 2
const PAST_SOUND = 4

/** What a page is told of a piece of sound besides the piece itself. */
export interface SoundNumbers {
  /** 1 for the first piece that is sent to this page, and so on. */
  readonly number: number
  /** The pieces that were left out for this page so far, because it did not take them in time. */
  readonly leftOut: number
}

/** The length of the message of a piece of sound. */
export function soundMessageBytes({ data }: AnySound): number {
  return SOUND_HEADER_BYTES + data.byteLength
}

/**
 * Writes the message of a piece of sound in 16-bit samples. A binary WebSocket message holds one or more of them, one
 * after the other. All little-endian:
 *
 * | offset | type | meaning |
 * | --- | --- | --- |
 * | 0 | uint8 | 1, the version |
 * | 1 | uint8 | 2, sound |
 * | 2 | uint16 | where the samples begin |
 * | 4 | uint32 | samples a second |
 * | 8 | uint32 | channels |
 * | 12 | uint32 | samples of each channel |
 * | 16 | float64 | seconds since the Unix epoch: when the first sample was captured, or is due |
 * | 24 | float64 | sequence number; NaN where the format has none |
 * | 32 | float64 | {@link SoundNumbers.number} |
 * | 40 | float64 | {@link SoundNumbers.leftOut} |
 *
 * @param offset - Where it begins in `message`.
 * @returns The offset behind it.
 */
export function writeSoundMessage(
  block: SoundBlock,
  { number, leftOut }: SoundNumbers,
  message: Uint8Array,
  offset = 0,
): number {
  return write(block, { type: SOUND, at32: number, at40: leftOut }, message, offset)
}

/**
 * Writes the message of a piece of sound of the past: as {@link writeSoundMessage} does, but of type 4, and with the time
 * at which it came, in seconds since the Unix epoch, at 32, and nothing at 40.
 *
 * @returns The offset behind it.
 */
export function writePastSound(
  block: AnySound,
  recordedAt: number,
  message: Uint8Array,
  offset: number,
): number {
  return write(block, { type: PAST_SOUND, at32: recordedAt, at40: 0 }, message, offset)
}

function write(
  block: AnySound,
  { type, at32, at40 }: { readonly type: number; readonly at32: number; readonly at40: number },
  message: Uint8Array,
  offset: number,
): number {
  const view = new DataView(message.buffer, message.byteOffset + offset)
  view.setUint8(0, VERSION)
  view.setUint8(1, type)
  view.setUint16(2, SOUND_HEADER_BYTES, true)
  view.setUint32(4, block.rate, true)
  view.setUint32(8, block.channels, true)
  view.setUint32(12, block.samples, true)
  view.setFloat64(16, block.time, true)
  view.setFloat64(24, block.seq ?? Number.NaN, true)
  view.setFloat64(32, at32, true)
  view.setFloat64(40, at40, true)
  message.set(block.data, offset + SOUND_HEADER_BYTES)
  return offset + soundMessageBytes(block)
}
