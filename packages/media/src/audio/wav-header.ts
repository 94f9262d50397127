import type { PcmFormat } from './pcm-stream.ts'

/** Bytes of {@link wavHeader}. */
export const WAV_HEADER_BYTES = 44

/** Stands for sound whose end is not known, or is beyond what 32 bits count: it is read to its end. */
export const UNKNOWN_LENGTH = 0xff_ff_ff_ff

const PCM = 1
const SAMPLE_BYTES = 2

/**
 * The header of a WAV file of 16-bit samples.
 *
 * @param bytes - Of the samples.
 */
export function wavHeader({ rate, channels }: PcmFormat, bytes: number): Uint8Array {
  const header = Buffer.alloc(WAV_HEADER_BYTES)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(Math.min(bytes + WAV_HEADER_BYTES - 8, UNKNOWN_LENGTH), 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(PCM, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * channels * SAMPLE_BYTES, 28)
  header.writeUInt16LE(channels * SAMPLE_BYTES, 32)
  header.writeUInt16LE(SAMPLE_BYTES * 8, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(Math.min(bytes, UNKNOWN_LENGTH), 40)
  return header
}
