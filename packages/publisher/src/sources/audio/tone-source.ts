import { ClosedError, OptionError, type SoundBlock, Ticker, type TopicShape } from '@zcast/shared'
import type { Source, SourceRun } from '../source.ts'
import { SoundShape } from './sound-shape.ts'

/** Options of a {@link ToneSource}. */
export interface ToneOptions {
  /** Pitch, 1 to half the rate. Default 440. */
  readonly hertz?: number | undefined
  /** Samples a second. Default 48,000. */
  readonly rate?: number | undefined
  /** Default 1. */
  readonly channels?: number | undefined
}

/** A quarter of the full range, -12 dB: to be heard and not feared. */
const AMPLITUDE = 0.25 * 32_767

/** A test tone: an even sine, the same in every channel. Stands still while nobody listens. */
export class ToneSource implements Source {
  readonly kind = 'audio'
  readonly expectedBytes: number
  readonly #shape: SoundShape
  readonly #hertz: number
  #started = false

  /** @throws {@link OptionError} when an option is out of range. */
  constructor({ hertz = 440, rate = 48_000, channels = 1 }: ToneOptions = {}) {
    this.#shape = new SoundShape(rate, channels)
    if (!(hertz >= 1 && hertz <= rate / 2))
      throw new OptionError(`the pitch of a tone must be 1 to ${rate / 2} Hz, got ${hertz}`)
    this.#hertz = hertz
    this.expectedBytes = this.#shape.bytes
  }

  get shape(): TopicShape {
    const { rate, channels } = this.#shape
    return { rate, channels, format: 's16' }
  }

  /** @throws {@link ClosedError} when run twice. */
  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<SoundBlock> {
    if (this.#started) throw new ClosedError('the test tone')
    this.#started = true
    const { seconds, samples } = this.#shape
    const ticker = new Ticker(1 / seconds)
    for (let first = 0; !signal.aborted; first += samples) {
      if (demand.wanted.size === 0) {
        await demand.untilWanted(signal)
        ticker.restart()
      }
      const end = await ticker.next(signal)
      if (end === undefined) return
      yield this.#shape.block(end - seconds, this.#draw(first))
    }
  }

  /** @param first - The number of the first sample. */
  #draw(first: number): Uint8Array {
    const { rate, channels, samples, bytes } = this.#shape
    const data = Buffer.alloc(bytes)
    for (let sample = 0; sample < samples; sample++) {
      // Whole turns are left out, so that hours later the sine is as exact as at first.
      const turns =
        (((first + sample) % rate) * this.#hertz) / rate +
        Math.floor((first + sample) / rate) * (this.#hertz % 1)
      const value = Math.round(Math.sin((turns % 1) * 2 * Math.PI) * AMPLITUDE)
      for (let channel = 0; channel < channels; channel++)
        data.writeInt16LE(value, (sample * channels + channel) * 2)
    }
    return data
  }
}
