import { stat } from 'node:fs/promises'
import { readJpegSize, type Log } from '@zcast/shared'
import {
  alphaDecoder,
  ffmpegQualityOptions,
  findFfmpeg,
  localInput,
  LOCAL_INPUT_OPTIONS,
  openMjpegStream,
  pictureFilters,
  pictureSize,
  toNumber,
  trimJpegPadding,
  type Ffmpeg,
  type Rational,
  type VideoInfo,
} from '@zcast/shared/media'
import { renditionSize, type Size } from '../renditions.ts'

/** How a clip is to be played. */
export interface ClipJobOptions {
  /** How errors name the clip. */
  readonly name: string
  readonly video: VideoInfo
  /** Pixels; default the clip's own. */
  readonly width: number | undefined
  /** Pictures a second that are made. */
  readonly rate: Rational
  /** 1 to 100. */
  readonly quality: number
  /** Pass its pictures on as they are. */
  readonly copy: 'as-is' | 'with-tables' | undefined
  /** Seconds into the clip at which a pass begins. */
  readonly start: number
  readonly log?: Log | undefined
}

// h264 up to 1080p at 30 a second and 20 Mbit/s is decoded by one thread, of which it takes a seventh: 4 % less CPU for the
// whole job (measured). What takes more is left to as many threads as ffmpeg likes.
const LIGHT_CODEC = 'h264'
const LIGHT_PIXELS_PER_SECOND = 1920 * 1088 * 30
const LIGHT_BITS_PER_SECOND = 20_000_000

/** The work that ffmpeg does for a clip: all or the rest of a pass, as one of its outputs. */
export class ClipJob {
  /** Pixels of the clip as it is sent. */
  readonly size: Size
  readonly #options: ClipJobOptions
  #toldCutShort = false

  constructor(options: ClipJobOptions) {
    this.#options = options
    this.size = pictureSize(options.video, options.width)
  }

  /** Everything that the pictures of an output depend on, besides the file. */
  async describe(output: string): Promise<string> {
    const ffmpeg = await findFfmpeg()
    const { start, quality, rate } = this.#options
    const { width, height } = this.#sizeOf(output)
    const filters = this.#filters(output, ffmpeg)
    const encoding = ffmpegQualityOptions(quality)
    return JSON.stringify([ffmpeg.version, width, height, filters, encoding, rate, start])
  }

  /**
   * Starts ffmpeg. What is not a whole picture is left out of a copied clip, with a warning.
   *
   * @param from - The first picture, counted from the start of the pass.
   * @returns JPEG pictures in order; leaving the loop ends the process.
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the file cannot be read (any more).
   */
  async *pictures(output: string, from: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { name, video, quality, copy, log } = this.#options
    const ffmpeg = await findFfmpeg()
    const decoding = [...alphaDecoder(video, ffmpeg), ...(await this.#threads())]
    const stream = await openMjpegStream({
      input: localInput(video.path),
      name,
      inputOptions: [...LOCAL_INPUT_OPTIONS, ...decoding, ...this.#seek(from)],
      filters: this.#filters(output, ffmpeg),
      quality,
      copy,
      onCutShort: () => this.#tellCutShort(),
      signal,
    })
    for await (const picture of stream.pictures()) {
      const whole = copy ? trimJpegPadding(picture) : picture
      if (!copy || readJpegSize(whole)) yield whole
      else log?.warning(`a damaged picture of "${name}" was left out`)
    }
  }

  /** Once, not for each pass. */
  #tellCutShort(): void {
    if (this.#toldCutShort) return
    this.#toldCutShort = true
    this.#options.log?.warning(`"${this.#options.name}" is cut short: what there is of it is played`)
  }

  #filters(output: string, ffmpeg: Ffmpeg): string[] {
    const { video, rate, width } = this.#options
    const converted = !video.constantRate || toNumber(video.framesPerSecond) !== toNumber(rate)
    const size = output === '' ? { width } : this.#sizeOf(output)
    return pictureFilters(video, ffmpeg, { ...size, framesPerSecond: converted ? rate : undefined })
  }

  #sizeOf(output: string): Size {
    return output === '' ? this.size : renditionSize(this.size, output)
  }

  async #threads(): Promise<string[]> {
    const { codec, decodedWidth, height, framesPerSecond, duration, path } = this.#options.video
    if (codec !== LIGHT_CODEC || duration === undefined) return []
    if (decodedWidth * height * toNumber(framesPerSecond) > LIGHT_PIXELS_PER_SECOND) return []
    // A file that is gone is ffmpeg's to complain of.
    const bytes = await stat(path).then(
      ({ size }) => size,
      () => Infinity,
    )
    return (bytes * 8) / duration <= LIGHT_BITS_PER_SECOND ? ['-threads', '1'] : []
  }

  /** Half a picture before the one that is meant, so that rounding cannot miss it; copying takes the one before that. */
  #seek(from: number): string[] {
    const { start, rate, copy } = this.#options
    const pictures = from === 0 ? 0 : from + (copy ? 0.25 : -0.5)
    const seconds = start + pictures / toNumber(rate)
    return seconds > 0 ? ['-ss', seconds.toFixed(6)] : []
  }
}
