import { readJpegSize } from '@zcast/shared/internal'
import { trimJpegPadding, toNumber } from '@zcast/media'
import type { Size } from '../renditions.ts'
import { ClipClock } from './clip-clock.ts'
import { ClipEncoder, type ClipJobOptions, type EncodedPicture } from './clip-encoder.ts'
import type { ClipPlace, FilePlace, TimedPicture } from './clip-place.ts'
import { ClipSegments } from './clip-segments.ts'

/** A picture of a pass. */
export interface JobPicture extends TimedPicture {
  readonly jpeg: Uint8Array
}

/** Thrown when no way leads to a picture. */
class NoWay extends Error {}

/**
 * The pictures of a clip, from any place on, with their numbers and times: finds the way to that place, checks that it
 * was reached, and continues with another ffmpeg run where the size or format of the pictures changes.
 */
export class ClipJob {
  /** The size of the clip as it is sent, at its start, in pixels. */
  readonly size: Size
  readonly #options: ClipJobOptions
  readonly #encoder: ClipEncoder
  readonly #segments: ClipSegments
  /** The number of the first picture whose time does not say where in the file it is. */
  #jump = Infinity
  #dropped = 0
  #entered: number | undefined

  constructor(options: ClipJobOptions) {
    this.#options = options
    this.#encoder = new ClipEncoder(options)
    this.size = this.#encoder.size
    this.#segments = new ClipSegments(this.#encoder, options.video)
  }

  /** The number of pictures left out because they are damaged, or over 16 MiB. */
  get dropped(): number {
    return this.#dropped
  }

  /** When the first picture that was read is shown, in seconds from the start of the file. */
  get entered(): number | undefined {
    return this.#entered
  }

  /** Everything that the pictures of an output depend on, apart from the file. */
  describe(output: string): Promise<string> {
    return this.#encoder.describe(output)
  }

  /**
   * Starts ffmpeg. Pictures that are damaged or over 16 MiB are left out, with a warning.
   *
   * @param place - The place to continue from. Default: the start of the pass.
   * @returns JPEG pictures in order; leaving the loop ends the process.
   * @throws SourceError `ERR_SOURCE_FAILED` when the file cannot be read (any more).
   */
  async *pictures(
    output: string,
    place: ClipPlace | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<JobPicture> {
    const known = place?.known ?? { index: 0, at: 0 }
    const clock = new ClipClock(this.#usualStep(), this.#options.video.container, known.at)
    let next: FilePlace = { index: known.index, position: this.#encoder.first + known.at }
    let last = next
    await this.#segments.learn(next, signal)
    for (;;) {
      const end = this.#segments.after(next.index)
      try {
        for await (const { position, jpeg } of this.#readFrom(output, next, end, signal)) {
          const { index } = next
          const at = clock.show(position)
          if (clock.jumped) this.#jump = Math.min(this.#jump, index)
          last = { index, position }
          next = { index: index + 1, position }
          this.#segments.pass(index)
          const good = index < (place?.next ?? 0) ? undefined : this.#check(jpeg)
          if (good) yield { index, at, jpeg: good }
          if (next.index === end?.index) break
        }
      } catch (error) {
        if (signal.aborted) return
        const found =
          (await this.#segments.findChange(last, next.index, signal)) ??
          (await this.#segments.findChange(next, next.index, signal))
        if (!found && error instanceof NoWay) return this.#giveUp(next.position)
        if (!found) throw error
        next = found
        continue
      }
      if (signal.aborted || !end) return
      next = end
    }
  }

  /** Reads from a picture to the end of its segment. */
  async *#readFrom(
    output: string,
    from: FilePlace,
    end: FilePlace | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<EncodedPicture> {
    const segment = this.#segments.of(from.index)
    const begins = from.index === segment.index
    const ways = begins || from.index <= this.#jump ? this.#encoder.waysTo(from.position) : []
    const runEnd = end && { pictures: end.index - from.index, position: end.position }
    let failure: unknown
    for (const [number, way] of ways.entries()) {
      if (signal.aborted) return
      // The first output at the start of the clip is its first picture, whatever its time.
      const sure = from.index === 0 && number === ways.length - 1
      const run = this.#encoder.read({ output, video: segment.video, way, end: runEnd }, signal)
      try {
        const first = await this.#enter(run, from.position, sure).catch((error: unknown) => {
          failure = error
        })
        if (first) {
          yield first
          return yield* run
        }
        if (sure && !failure) return
      } finally {
        await run.return(undefined)
      }
    }
    if (begins) throw failure ?? new NoWay()
    let skipped = segment.index
    for await (const picture of this.#readFrom(output, segment, end, signal)) {
      if (skipped++ >= from.index) yield picture
    }
  }

  /** The first picture of a run, if it is the wanted one. */
  async #enter(
    run: AsyncGenerator<EncodedPicture>,
    position: number,
    sure: boolean,
  ): Promise<EncodedPicture | undefined> {
    const { tolerance } = this.#encoder
    const latest = position + (this.#entered === undefined ? (this.#options.near ?? tolerance) : tolerance)
    for (;;) {
      const { done, value } = await run.next()
      if (done) return undefined
      if (value.position < position - tolerance) continue
      if (!sure && value.position > latest) return undefined
      this.#entered ??= value.position
      return value
    }
  }

  /** Returns the picture if it can be sent. */
  #check(jpeg: Uint8Array | undefined): Uint8Array | undefined {
    const { name, copy, log } = this.#options
    const whole = copy && jpeg ? trimJpegPadding(jpeg) : jpeg
    if (whole && (!copy || readJpegSize(whole))) return whole
    this.#dropped++
    if (jpeg) log?.warning(`a damaged picture of "${name}" was left out`)
    else {
      log?.warning(
        `a picture of "${name}" is over 16 MiB and was left out: make them smaller with --width or --quality`,
      )
    }
    return undefined
  }

  /** The size changes at a place where the times of the clip also jump. */
  #giveUp(position: number): void {
    const { name, log } = this.#options
    this.#segments.forget()
    const where = `${position.toFixed(1)} s`
    log?.warning(
      `cannot continue "${name}" from ${where}, where its size changes: convert it to one size first`,
    )
  }

  #usualStep(): number {
    const { rate, video } = this.#options
    return 1 / toNumber(rate ?? video.framesPerSecond)
  }
}
