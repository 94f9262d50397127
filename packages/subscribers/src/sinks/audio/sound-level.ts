import type { Sound } from '@zcast/shared'

/** How loud something is, 1 being the most that samples can hold. */
export interface Loudness {
  /** Root of the mean square of all samples. */
  readonly rms: number
  /** The largest sample. */
  readonly peak: number
}

const FULL = 32_768
const QUIETEST_DECIBELS = -99

/** How loud sound has been since it was asked for last. */
export class SoundLevel {
  #squares = 0
  #samples = 0
  #peak = 0

  /** Adds 16-bit samples. */
  add({ data }: Sound): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    for (let at = 0; at + 1 < data.byteLength; at += 2) {
      const sample = view.getInt16(at, true)
      this.#squares += sample * sample
      this.#peak = Math.max(this.#peak, Math.abs(sample))
    }
    this.#samples += data.byteLength / 2
  }

  /** Reads it, and begins anew; `undefined` when nothing came. */
  read(): Loudness | undefined {
    if (this.#samples === 0) return undefined
    const loudness = { rms: Math.sqrt(this.#squares / this.#samples) / FULL, peak: this.#peak / FULL }
    this.#squares = this.#samples = this.#peak = 0
    return loudness
  }
}

/** Decibels below the most that samples can hold: 0 to -99. */
export function decibels(level: number): number {
  return level > 0 ? Math.max(QUIETEST_DECIBELS, 20 * Math.log10(level)) : QUIETEST_DECIBELS
}
