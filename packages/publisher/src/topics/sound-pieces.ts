import { CodecError, OptionError, type SoundBlock, type SoundFormat, wallClock } from '@zcast/shared'
import { MAX_OPUS_CHANNELS, OPUS_RATES, opusSamples } from '@zcast/shared/internal'
import { SampleClock } from '../sources/audio/sample-clock.ts'
import { SoundShape } from '../sources/audio/sound-shape.ts'

/** What a topic or a source of sound sends. */
export interface SoundOptions {
  /** Samples a second of each channel, 1000 to 384,000; of Opus 8000, 12,000, 16,000, 24,000 or 48,000. Default 48,000. */
  readonly rate?: number | undefined
  /** 1 to 32, of Opus 1 or 2. Default 1. */
  readonly channels?: number | undefined
  /** `opus`: each item is one packet. Default `s16`: 16-bit samples, the channels in turn. */
  readonly format?: SoundFormat | undefined
}

/** An `Int16Array`, or the bytes of 16-bit samples, little-endian; for Opus the bytes of one packet. */
export type Samples = Int16Array | Uint8Array

const DEFAULT_RATE = 48_000
const OPUS_CLOCK = 48_000

/** Cuts sound as a program gives it into pieces of 20 ms, with the time of each. */
export class SoundPieces {
  readonly #shape: SoundShape
  readonly #format: SoundFormat
  readonly #clock: SampleClock

  /** @throws {@link OptionError} when an option is out of range. */
  constructor({ rate = DEFAULT_RATE, channels = 1, format = 's16' }: SoundOptions = {}) {
    this.#shape = new SoundShape(rate, channels)
    if (format !== 's16' && format !== 'opus')
      throw new OptionError(`the format of sound must be s16 or opus, got ${String(format)}`)
    if (format === 'opus' && (!OPUS_RATES.has(rate) || channels > MAX_OPUS_CHANNELS))
      throw new OptionError(
        `Opus has one channel or two of ${[...OPUS_RATES].join(', ')} samples a second, got ${channels} of ${rate}`,
      )
    this.#format = format
    this.#clock = new SampleClock(rate)
  }

  /** Bytes of a piece. */
  get bytes(): number {
    return this.#shape.bytes
  }

  /**
   * Copies samples.
   *
   * @param time - Of the first one. Default: what comes follows on what came before, the last sample now.
   * @throws {@link CodecError} `ERR_VALUE` when it is nothing of the format.
   */
  of(samples: Samples, time?: number): SoundBlock[] {
    const data = copyOf(samples)
    return this.#format === 'opus' ? [this.#packet(data, time)] : this.#pieces(data, time)
  }

  #pieces(data: Uint8Array, time?: number): SoundBlock[] {
    const { bytes, frameBytes, seconds } = this.#shape
    const count = data.byteLength / frameBytes
    if (count === 0 || !Number.isInteger(count))
      throw refuse(`a topic of sound sends whole samples of all its channels, got ${data.byteLength} bytes`)
    const first = time ?? this.#clock.firstOf(count, wallClock())
    const pieces: SoundBlock[] = []
    for (let at = 0; at < data.byteLength; at += bytes)
      pieces.push(this.#shape.block(first + (at / bytes) * seconds, data.subarray(at, at + bytes)))
    return pieces
  }

  #packet(data: Uint8Array, time?: number): SoundBlock {
    const { rate, channels } = this.#shape
    const decoded = opusSamples(data)
    if (decoded === undefined) throw refuse('a topic of Opus sends one packet at a time, and this is none')
    const samples = Math.round((decoded * rate) / OPUS_CLOCK)
    const first = time ?? this.#clock.firstOf(samples, wallClock())
    return { kind: 'audio', time: first, rate, channels, samples, format: 'opus', data }
  }
}

function copyOf(samples: Samples): Uint8Array {
  if (samples instanceof Uint8Array) return new Uint8Array(samples)
  if (!(samples instanceof Int16Array))
    throw refuse('a topic of sound sends an Int16Array, or the bytes of one as a Buffer or a Uint8Array')
  const data = new Uint8Array(samples.byteLength)
  const view = new DataView(data.buffer)
  for (let at = 0; at < samples.length; at++) view.setInt16(at * 2, samples[at] ?? 0, true)
  return data
}

function refuse(sentence: string): CodecError {
  return new CodecError('ERR_VALUE', sentence)
}
