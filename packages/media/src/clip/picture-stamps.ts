/**
 * The range within which the times of encoded pictures are distinguishable: 2^26 ticks of 0.1 ms, 112 minutes. ffmpeg's
 * own arithmetic then has room for 2^21 pictures in one run, ten hours at 60 per second.
 */
const SPAN = 2 ** 26
/** The range of the numbers above the time, in 32 bits. */
const NUMBERS = 2 ** 32 / SPAN
const TICKS_PER_SECOND = 10_000

/**
 * The last filters before the encoder, which write each picture's own time into the low 26 bits of its timestamp, in
 * ticks of 0.1 ms.
 *
 * The encoder accepts only rising timestamps, but a clip's need not rise: two pictures may share one, or a clock may
 * have been set back. So the picture's number goes above its time, and the whole rises whatever the times do; SMJPEG
 * keeps the low 32 bits. The time counts down: where the size or format of the pictures changes, ffmpeg sets up its
 * filters again and numbers from 0, and the encoder must then refuse rather than squash the pictures into the first
 * size.
 */
export const STAMP_FILTERS: readonly string[] = [
  `settb=1/${TICKS_PER_SECOND}`,
  // Times ten, which SMJPEG's time base (1/1000) divides out again.
  `setpts='10*((N+1)*${SPAN}-mod(if(isnan(PTS),0,PTS),${SPAN}))'`,
]

/** Options for the encoder, which would otherwise round timestamps to the clip's nominal rate. */
export const STAMP_OPTIONS: readonly string[] = ['-enc_time_base', '1:1000']

/** Decodes the times of the pictures of one ffmpeg run, in order. */
export class StampReader {
  readonly #copied: boolean
  #pictures = 0
  #ticks = 0

  /** @param copied - True when the pictures were not encoded, and have plain timestamps in milliseconds. */
  constructor(copied: boolean) {
    this.#copied = copied
  }

  /**
   * The time of the next picture. Encoded times up to 56 minutes apart are distinguished.
   *
   * @param stamp - 0 to 2^32 - 1.
   * @returns Seconds, possibly negative; `undefined` when ffmpeg has started to number again: each of the encoder's
   *   threads compares only the timestamps that it saw itself.
   */
  seconds(stamp: number): number | undefined {
    if (this.#copied) return (stamp | 0) / 1000
    const ticks = -stamp & (SPAN - 1)
    const number = Math.floor((stamp + ticks) / SPAN) - 1
    if ((number - this.#pictures++) % NUMBERS !== 0) return undefined
    const step = (ticks - this.#ticks) & (SPAN - 1)
    this.#ticks += step < SPAN / 2 ? step : step - SPAN
    return this.#ticks / TICKS_PER_SECOND
  }
}
