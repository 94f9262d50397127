import type { SoundFormat } from './block.ts'

/** The shape of sound: how many samples, and of how many channels. */
export interface SoundShape {
  readonly rate: number
  readonly channels: number
  readonly samples: number
  readonly format: SoundFormat
}

/** Samples a second: from less than a telephone has to the most that converters give. */
export const SOUND_RATES = { least: 1000, most: 384_000 } as const

/** The most channels; surround sound has up to 24. */
export const MAX_CHANNELS = 32

/** Samples a second; Opus knows no other. */
export const OPUS_RATES: ReadonlySet<number> = new Set([8000, 12_000, 16_000, 24_000, 48_000])
/** Of one Opus stream. */
export const MAX_OPUS_CHANNELS = 2
/** 120 ms, the longest packet: 48 frames of 2.5 ms. */
const OPUS_SECONDS = 0.12
const OPUS_BYTES = 61_298

/**
 * Says what is wrong with a piece of sound, in one clause.
 *
 * @param byteLength - Of its data.
 * @returns `undefined` when nothing is.
 */
export function refuseSound(
  { rate, channels, samples, format }: SoundShape,
  byteLength: number,
): string | undefined {
  if (rate < SOUND_RATES.least || rate > SOUND_RATES.most)
    return `rate is not ${SOUND_RATES.least} to ${SOUND_RATES.most}`
  if (channels < 1 || channels > MAX_CHANNELS) return `channels is not 1 to ${MAX_CHANNELS}`
  if (samples < 1 || samples > rate) return 'samples is not 1 to those of a second'
  if (format === 's16')
    return samples * channels * 2 === byteLength
      ? undefined
      : 'samples and channels do not match the bytes there'
  if (!OPUS_RATES.has(rate) || channels > MAX_OPUS_CHANNELS) return 'Opus has no such rate or channels'
  if (samples > rate * OPUS_SECONDS || byteLength < 1 || byteLength > OPUS_BYTES)
    return 'the attachment is not one Opus packet'
  return undefined
}
