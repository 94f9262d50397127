import { extname } from 'node:path'
import { type Envelope, OptionError, type Sound } from '@zcast/shared'
import { isSound } from '@zcast/shared/internal'
import type { Sink } from '../sink.ts'
import { describeUnplayable } from './describe-unplayable.ts'
import type { WavFile } from './wav-file.ts'

/** Options of a {@link WavSink}. */
export interface WavSinkOptions {
  /** Ends in `.wav`; must not exist yet. */
  readonly path: string
  /** Told what the file does not hold as it came, in one sentence each. Default: nobody is. */
  readonly onNotice?: ((sentence: string, kind: string) => void) | undefined
}

/** What times differ by from one piece to the next without a gap. */
const TOLERANCE_SECONDS = 0.01
/** A gap is filled up to this, rather than fill the disk for a publisher that was away, or a clock that was set. */
const LONGEST_SILENCE_SECONDS = 3600
/** So much is written at once, and may be missing after SIGKILL. */
const WRITE_SECONDS = 0.25
const SILENCE_CHUNK_BYTES = 1024 * 1024

/** Saves sound as a WAV file of one stream, at its real times: what is missing is silence. */
export class WavSink implements Sink {
  readonly #options: WavSinkOptions
  #file: WavFile | undefined
  #topic: string | undefined
  #waiting: Uint8Array[] = []
  #waitingSeconds = 0
  /** When the next sample is due. */
  #expected: number | undefined
  #leftOut = 0

  /** @throws {@link OptionError} `ERR_OPTION` when the file's name does not end in `.wav`. */
  constructor(options: WavSinkOptions) {
    if (extname(options.path).toLowerCase() !== '.wav')
      throw new OptionError(`sound is saved as .wav, got "${options.path}"`)
    this.#options = options
  }

  /** Messages that are not in the file because it holds another format. */
  get leftOut(): number {
    return this.#leftOut
  }

  /**
   * Makes the file.
   *
   * @throws {@link OptionError} `ERR_OPTION` when it exists already; {@link SinkError} `ERR_SINK` when it cannot be written.
   */
  async open(): Promise<void> {
    const { WavFile } = await import('./wav-file.ts')
    this.#file = await WavFile.create(this.#options.path)
  }

  /** @throws {@link SinkError} `ERR_SINK` when it cannot be written. */
  async write({ topic, retained, block }: Envelope): Promise<void> {
    if (!isSound(block) || retained) return
    this.#topic ??= topic
    const { path } = this.#options
    if (topic !== this.#topic) return this.#tell(`${topic} is not saved: ${path} holds one stream`, topic)
    const refusal = this.#refuse(topic, block)
    if (refusal !== undefined) {
      this.#leftOut += 1
      return this.#tell(refusal, 'format')
    }
    await this.#fillGap(block)
    const seconds = block.samples / block.rate
    this.#expected = block.time + seconds
    this.#waiting.push(block.data)
    this.#waitingSeconds += seconds
    if (this.#waitingSeconds >= WRITE_SECONDS) await this.#flush(block)
    else this.#last = block
  }

  /** Completes the file, and removes it when nothing came. May be called twice. */
  async close(): Promise<void> {
    try {
      if (this.#last) await this.#flush(this.#last)
    } finally {
      await this.#file?.close()
    }
  }

  /** Of what waits. */
  #last: Sound | undefined

  #refuse(topic: string, block: Sound): string | undefined {
    const format = this.#last ?? this.#file?.format
    if (block.format !== 's16' || !format) return describeUnplayable(topic, block)
    if (format.rate === block.rate && format.channels === block.channels) return undefined
    return `${topic} has another rate or number of channels now, and is not saved any more: ${this.#options.path} holds one format`
  }

  async #fillGap(block: Sound): Promise<void> {
    const missing = block.time - (this.#expected ?? block.time)
    if (missing <= TOLERANCE_SECONDS) return
    const filled = Math.min(missing, LONGEST_SILENCE_SECONDS)
    const shortened = filled < missing ? ', which stand for a longer gap' : ''
    this.#tell(
      `sound is missing from ${this.#options.path}: ${filled.toFixed(2)} s of silence stand in its place${shortened}`,
      'gap',
    )
    await this.#flush(block)
    const { rate, channels } = block
    for (let bytes = Math.round(filled * rate) * channels * 2; bytes > 0; bytes -= SILENCE_CHUNK_BYTES)
      await this.#file?.write({ rate, channels }, new Uint8Array(Math.min(bytes, SILENCE_CHUNK_BYTES)))
  }

  async #flush({ rate, channels }: Sound): Promise<void> {
    const samples = Buffer.concat(this.#waiting)
    this.#waiting = []
    this.#waitingSeconds = 0
    this.#last = undefined
    if (samples.byteLength > 0) await this.#file?.write({ rate, channels }, samples)
  }

  #tell(sentence: string, kind: string): void {
    this.#options.onNotice?.(sentence, kind)
  }
}
