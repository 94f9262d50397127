import { OpusEncoder, type OpusPacket } from '@zcast/media/audio'
import { OptionError, type SoundBlock } from '@zcast/shared'
import { MAX_OPUS_CHANNELS, OPUS_RATES } from '@zcast/shared/internal'
import type { Source, SourceRun } from '../source.ts'

/** More than what 64 kbit/s of two channels need for 20 ms. */
const EXPECTED_BYTES = 1024
/** Sound that goes on later than this is encoded anew: nobody has listened in between, or the clock was set. */
const LONGEST_GAP_SECONDS = 0.1
/** Pieces whose times are known, for packets that come later: a second. */
const MOST_MARKS = 50

interface Mark {
  /** Samples from the begin of what is encoded. */
  readonly at: number
  readonly time: number
}

/**
 * The sound of another source as Opus packets of 20 ms, each with the time of its first sample. It takes 16-bit samples
 * of 8000, 12,000, 16,000, 24,000 or 48,000 a second, in one channel or two.
 */
export class OpusSource implements Source {
  readonly kind = 'audio'
  readonly expectedBytes = EXPECTED_BYTES
  readonly #source: Source
  #encoder: OpusEncoder | undefined
  #shape: SoundBlock | undefined
  #marks: Mark[] = []
  #given = 0
  #due = 0

  /** @param source - Of sound. */
  constructor(source: Source) {
    this.#source = source
  }

  get dropped(): number {
    return this.#source.dropped ?? 0
  }

  get failure(): unknown {
    return this.#source.failure
  }

  /** @throws What the source throws; {@link SourceError} when there is no ffmpeg, or it fails; {@link OptionError} for a rate that Opus does not have. */
  async *blocks(run: SourceRun): AsyncGenerator<SoundBlock> {
    // ffmpeg is not kept for nobody.
    const stop = run.demand.onChange(() => {
      if (run.demand.wanted.size === 0) void this.#encoder?.close()
    })
    try {
      for await (const block of this.#source.blocks(run)) {
        if (block.kind !== 'audio') continue
        yield* this.#encode(block)
      }
      if (!run.signal.aborted) yield* this.#named(await (this.#encoder?.end() ?? []))
    } finally {
      stop()
      await this.#encoder?.close()
    }
  }

  async *#encode(block: SoundBlock): AsyncGenerator<SoundBlock> {
    const goesOn =
      this.#encoder?.isOpen &&
      this.#shape?.rate === block.rate &&
      this.#shape.channels === block.channels &&
      Math.abs(block.time - this.#due) < LONGEST_GAP_SECONDS
    if (!goesOn) yield* this.#begin(block)
    this.#marks.push({ at: this.#given, time: block.time })
    if (this.#marks.length > MOST_MARKS) this.#marks.shift()
    this.#given += block.samples
    this.#due = block.time + block.samples / block.rate
    await this.#encoder?.write(block.data)
    yield* this.#named(this.#encoder?.take() ?? [])
  }

  async *#begin(block: SoundBlock): AsyncGenerator<SoundBlock> {
    const { rate, channels } = block
    if (!OPUS_RATES.has(rate) || channels > MAX_OPUS_CHANNELS)
      throw new OptionError(
        `Opus has one channel or two of ${[...OPUS_RATES].join(', ')} samples a second, got ${channels} of ${rate}: choose others with --rate and --channels`,
      )
    if (this.#encoder?.isOpen) yield* this.#named(await this.#encoder.end())
    await this.#encoder?.close()
    this.#encoder = new OpusEncoder({ rate, channels })
    this.#shape = block
    this.#marks = []
    this.#given = 0
  }

  /** Gives packets the time of the piece in which they begin. */
  *#named(packets: readonly OpusPacket[]): Generator<SoundBlock> {
    if (!this.#shape) return
    const { rate, channels } = this.#shape
    for (const { data, at, samples } of packets) {
      const mark = this.#marks.findLast((mark) => mark.at <= at) ?? this.#marks[0]
      if (!mark) continue
      yield {
        kind: 'audio',
        time: mark.time + (at - mark.at) / rate,
        rate,
        channels,
        samples,
        format: 'opus',
        data,
      }
    }
  }
}
