import { fileSound, openPcm } from '@zcast/media/audio'
import { type Log, SourceError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import type { ClipMoment, ClipTimeline } from '../clip/clip-timeline.ts'
import { PcmReader } from './pcm-reader.ts'
import type { SoundShape } from './sound-shape.ts'

/** Options of {@link FileSound}. */
export interface FileSoundOptions {
  /** Absolute path. */
  readonly path: string
  /** How errors name the file. */
  readonly name: string
  readonly shape: SoundShape
  readonly loop: boolean
  /** Where each pass begins: seconds from the file's begin. */
  readonly first: number
  /** Seconds of the file, where it is known. */
  readonly duration: number | undefined
  /** What says which part is due when. Default: one pass after another. */
  readonly timeline?: Pick<ClipTimeline, 'momentAt'> | undefined
  readonly log?: Log | undefined
}

/** A part of the sound that is off by less is in step. */
const IN_STEP_SECONDS = 0.005
/** What is missing up to here is read and passed over, which costs less than to begin anew. */
const SHORT_SKIP_SECONDS = 2
/** What comes too early up to here is waited for in silence: pictures that were held up. */
const SHORT_WAIT_SECONDS = 5
/** Up to here a place is found by decoding all before it, to the very sample; behind it by the file's index. */
const EXACT_SECONDS = 10
/** ffmpeg is started for the next pass so long before the end of this one. */
const AHEAD_SECONDS = 1.5

/** The sound of a file, pass after pass, as it is due. */
export class FileSound {
  readonly #options: FileSoundOptions
  #reader: PcmReader | undefined
  /** For the begin of the next pass. */
  #standby: PcmReader | undefined
  /** The pass of the pictures that is followed; `undefined` while there are none. */
  #pass: number | undefined
  /** Samples from the begin of the pass to what is read next. */
  #position = 0
  #ended = false
  #closing: Promise<unknown> | undefined
  /** Whether this pass had any sound. */
  #heard = false

  constructor(options: FileSoundOptions) {
    this.#options = options
  }

  /**
   * The sound of one message.
   *
   * @param time - When its first sample is due, in seconds since the Unix epoch.
   * @returns `undefined` after the last one.
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when a whole pass has no sound.
   */
  async take(time: number): Promise<Uint8Array | undefined> {
    const { shape, timeline } = this.#options
    const { rate, frameBytes, samples, bytes } = shape
    // Silence, where there is nothing else.
    const data = new Uint8Array(bytes)
    for (let sample = 0; sample < samples;) {
      const moment = timeline?.momentAt(time + sample / rate)
      const left = samples - sample
      const count = moment ? Math.min(left, Math.max(1, Math.ceil(moment.seconds * rate))) : left
      const part = data.subarray(sample * frameBytes, (sample + count) * frameBytes)
      const taken = moment ? await this.#follow(moment, part) : await this.#playOn(part)
      if (taken === undefined) return sample === 0 ? undefined : data
      sample += taken
    }
    return data
  }

  /** Waits until what is next is there, so that it is not late when it is due. */
  async ready(): Promise<void> {
    await this.#goOn()
    await this.#guard((reader) => reader.untilThere())
  }

  /** Goes where the pictures are about to be; resolves when there is something to hear. */
  async prepare({ pass, at }: Pick<ClipMoment, 'pass' | 'at'>): Promise<void> {
    this.#pass = pass
    await this.#enter(Math.max(0, Math.round(at * this.#options.shape.rate)))
    await this.#guard((reader) => reader.untilThere())
  }

  /** Frees everything, to go on later where it was. */
  async rest(): Promise<void> {
    await this.close()
    this.#reader = this.#standby = undefined
  }

  /** Ends ffmpeg, and resolves when it is gone. May be called twice. */
  async close(): Promise<void> {
    await Promise.all([this.#closing, this.#reader?.close(), this.#standby?.close()])
  }

  /** Fills a part with what is due with the pictures. @returns How many samples were filled. */
  async #follow({ pass, at }: ClipMoment, part: Uint8Array): Promise<number> {
    const { rate, frameBytes } = this.#options.shape
    const due = Math.max(0, Math.round(at * rate))
    const samples = part.byteLength / frameBytes
    if (pass !== this.#pass) {
      this.#pass = pass
      await this.#enter(due)
    }
    const behind = due - this.#position
    if (Math.abs(behind) > IN_STEP_SECONDS * rate) {
      if (behind < 0 && -behind <= SHORT_WAIT_SECONDS * rate) return Math.min(samples, -behind)
      if (behind < 0 || behind > SHORT_SKIP_SECONDS * rate) await this.#enter(due)
      else {
        await this.#guard((reader) => reader.skip(behind * frameBytes))
        this.#position += behind
      }
    }
    await this.#goOn()
    const reader = this.#reader
    await this.#read(part)
    if (reader === this.#reader) this.#position += samples
    return samples
  }

  /** Fills a part with what comes next. @returns How many samples were filled; `undefined` at the end. */
  async #playOn(part: Uint8Array): Promise<number | undefined> {
    const { loop, name, shape } = this.#options
    this.#pass = undefined
    const filled = await this.#read(part)
    const samples = filled / shape.frameBytes
    this.#position += samples
    if (!this.#ended) return samples
    if (filled > 0) return samples
    if (!loop) return undefined
    if (!this.#heard)
      throw new SourceError('ERR_SOURCE_FAILED', `there is no sound in "${name}" any more: check the file`)
    await this.#enter(0)
    return 0
  }

  async #read(part: Uint8Array): Promise<number> {
    const { rate } = this.#options.shape
    await this.#goOn()
    let filled = 0
    const used = this.#reader
    await this.#guard(async (reader) => {
      filled = await reader.read(part)
    })
    // Another place was prepared meanwhile: the end of the former one says nothing.
    if (used !== this.#reader) return filled
    if (filled > 0) this.#heard = true
    if (filled < part.byteLength) this.#ended = true
    const { duration = Infinity, first, loop } = this.#options
    const isEnding = this.#ended || this.#position / rate > duration - first - AHEAD_SECONDS
    if (loop && isEnding) this.#standby ??= this.#open(0)
    return filled
  }

  /** What fails is the end of the pass, and told. */
  async #guard(use: (reader: PcmReader) => Promise<void>): Promise<void> {
    const reader = this.#reader
    if (!reader || this.#ended) return
    try {
      await use(reader)
    } catch (error) {
      if (reader !== this.#reader) return
      this.#ended = true
      this.#options.log?.warning(errorMessage(error), error, `sound of ${this.#options.name}`)
    }
  }

  /** Opens the sound where it was left. */
  async #goOn(): Promise<void> {
    if (!this.#reader && !this.#ended) await this.#enter(this.#position)
  }

  /** Goes on at a sample of the pass. */
  async #enter(position: number): Promise<void> {
    const standby = this.#standby
    // What comes next is due already: it does not wait for the end of a process.
    this.#closing = Promise.all([this.#closing, this.#reader?.close()])
    this.#standby = undefined
    this.#ended = this.#heard = false
    this.#position = position
    const { frameBytes } = this.#options.shape
    if (standby && position <= EXACT_SECONDS * this.#options.shape.rate) {
      this.#reader = standby
      return this.#guard((reader) => reader.skip(position * frameBytes))
    }
    this.#closing = Promise.all([this.#closing, standby?.close()])
    this.#reader = this.#open(position)
  }

  #open(position: number): PcmReader {
    const { path, name, first, shape } = this.#options
    const { rate, channels, frameBytes } = shape
    const seconds = first + position / rate
    const isExact = seconds <= EXACT_SECONDS
    const input = fileSound(path, isExact ? 0 : seconds)
    const skipped = isExact ? Math.round(seconds * rate) * frameBytes : 0
    const reader = new PcmReader(frameBytes, (signal) =>
      behind(skipped, openPcm({ name, input, rate, channels, isTimed: true }, signal)),
    )
    reader.prime()
    return reader
  }
}

/** What comes after so many bytes. */
async function* behind(bytes: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = bytes
  for await (const chunk of chunks) {
    const passed = Math.min(left, chunk.byteLength)
    left -= passed
    if (passed < chunk.byteLength) yield chunk.subarray(passed)
  }
}
