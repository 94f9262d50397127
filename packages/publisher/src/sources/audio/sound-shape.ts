import { OptionError, type SoundBlock } from '@zcast/shared'
import { MAX_CHANNELS, SOUND_RATES } from '@zcast/shared/internal'

const MESSAGES_A_SECOND = 50
const SAMPLE_BYTES = 2

/** The sound of a stream: 16-bit samples, sent in pieces of 20 ms. */
export class SoundShape {
  /** Samples a second of each channel. */
  readonly rate: number
  readonly channels: number
  /** Samples of each channel in a message. */
  readonly samples: number
  /** Bytes of one sample of all channels. */
  readonly frameBytes: number
  /** Seconds of a message. */
  readonly seconds: number

  /** @throws {@link OptionError} when the rate is not 1000 to 384,000, or there are not 1 to 32 channels. */
  constructor(rate: number, channels: number) {
    const { least, most } = SOUND_RATES
    if (!Number.isInteger(rate) || rate < least || rate > most)
      throw new OptionError(`rate must be a whole number from ${least} to ${most}, got ${rate}`)
    if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS)
      throw new OptionError(`channels must be a whole number from 1 to ${MAX_CHANNELS}, got ${channels}`)
    this.rate = rate
    this.channels = channels
    this.samples = Math.round(rate / MESSAGES_A_SECOND)
    this.frameBytes = channels * SAMPLE_BYTES
    this.seconds = this.samples / rate
  }

  /** Bytes of a message. */
  get bytes(): number {
    return this.samples * this.frameBytes
  }

  /** A piece of sound. @param time - Of its first sample, in seconds since the Unix epoch. */
  block(time: number, data: Uint8Array): SoundBlock {
    const { rate, channels, frameBytes } = this
    return {
      kind: 'audio',
      time,
      rate,
      channels,
      samples: data.byteLength / frameBytes,
      format: 's16',
      data,
    }
  }
}
