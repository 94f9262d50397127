import type { PcmFormat } from './pcm-stream.ts'
import { Resampler } from './resampler.ts'

/** What {@link StereoConverter} makes of all sound. */
export const STEREO_48K: PcmFormat = { rate: 48_000, channels: 2 }

const FULL = 32_768

/** Converts 16-bit samples of any rate and number of channels to two channels of 48,000 samples a second. */
export class StereoConverter {
  #from: PcmFormat | undefined
  #sides: readonly Resampler[] = []

  /** Converts the next piece. @param samples - 16 bits, little-endian, the channels in turn. */
  take({ rate, channels }: PcmFormat, samples: Uint8Array): Uint8Array {
    if (rate === STEREO_48K.rate && channels === 2) return samples
    if (this.#from?.rate !== rate || this.#from.channels !== channels) {
      this.#from = { rate, channels }
      this.#sides = [0, 1].map(() => new Resampler(rate, STEREO_48K.rate))
    }
    const mixed = [0, 1].map((side) => mixSide(samples, channels, side))
    const [left, right] = mixed.map((side, index) =>
      rate === STEREO_48K.rate ? side : (this.#sides[index] as Resampler).take(side),
    ) as [Float32Array, Float32Array]
    return interleave(left, right)
  }
}

/** One channel is heard on both sides; of more, every other one on each side. */
function mixSide(samples: Uint8Array, channels: number, side: number): Float32Array {
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength)
  const count = Math.floor(samples.byteLength / 2 / channels)
  const mixed = new Float32Array(count)
  const first = Math.min(side, channels - 1)
  const parts = Math.ceil((channels - first) / 2)
  for (let index = 0; index < count; index++) {
    let sum = 0
    for (let channel = first; channel < channels; channel += 2)
      sum += view.getInt16((index * channels + channel) * 2, true)
    mixed[index] = sum / parts / FULL
  }
  return mixed
}

function interleave(left: Float32Array, right: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(left.length * 4)
  for (let index = 0; index < left.length; index++) {
    bytes.writeInt16LE(toSample(left[index] as number), index * 4)
    bytes.writeInt16LE(toSample(right[index] as number), index * 4 + 2)
  }
  return bytes
}

function toSample(value: number): number {
  return Math.max(-FULL, Math.min(FULL - 1, Math.round(value * FULL)))
}
