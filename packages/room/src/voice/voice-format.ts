/** How voices are kept in memory and sent on `voice/<room>`: 16-bit samples of one channel. */
export const VOICE_FORMAT = { rate: 48_000, channels: 1 } as const

/** The samples of one message: 20 ms. */
export const VOICE_SAMPLES = VOICE_FORMAT.rate / 50

/** A clip of somebody's voice, decoded. */
export interface SpokenClip {
  readonly id: string
  /** When its first sample is heard, in seconds since the Unix epoch. */
  readonly time: number
  readonly seconds: number
  /** Of {@link VOICE_FORMAT}. */
  readonly samples: Int16Array
}
