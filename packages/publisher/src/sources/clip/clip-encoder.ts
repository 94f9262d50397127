import { stat } from 'node:fs/promises'
import type { Log } from '@zcast/shared'
import {
  alphaDecoder,
  canSeek,
  ffmpegQualityOptions,
  findFfmpeg,
  localInput,
  LOCAL_INPUT_OPTIONS,
  openMjpegStream,
  pictureFilters,
  pictureSize,
  readFrom,
  showPictures,
  toNumber,
  waysIn,
  type Ffmpeg,
  type Rational,
  type ShownPicture,
  type VideoInfo,
  type WayIn,
} from '@zcast/media'
import { renditionSize, type Size } from '../renditions.ts'

/** How a clip is to be played. */
export interface ClipJobOptions {
  /** How errors name the clip. */
  readonly name: string
  readonly video: VideoInfo
  /** Pixels; default the clip's own. */
  readonly width: number | undefined
  /** Pictures a second to convert to. Default: each picture at its own time. */
  readonly rate: Rational | undefined
  /** 1 to 100. */
  readonly quality: number
  /** Pass its pictures on as they are. */
  readonly copy: 'as-is' | 'with-tables' | undefined
  /** Where a pass begins: seconds from the file's begin. */
  readonly start: number
  /** The first picture from there on: seconds from the file's begin. */
  readonly first: number
  readonly log?: Log | undefined
}

/** A picture as ffmpeg gives it. */
export interface EncodedPicture {
  /** Seconds from the file's begin. */
  readonly position: number
  /** `undefined` for a picture of over 16 MiB. */
  readonly jpeg: Uint8Array | undefined
}

/** What ffmpeg is to read in one run. */
export interface EncoderRun {
  /** The clip's own size, `''`, or the name of a rendition. */
  readonly output: string
  /** What the pictures are there. */
  readonly video: VideoInfo
  readonly way: WayIn
  /** Where to end because the size or format of the pictures changes. Default: at the end of the file. */
  readonly end: EncoderEnd | undefined
}

/** The end of a run of ffmpeg. */
export interface EncoderEnd {
  /** How many pictures there are up to it. */
  readonly pictures: number
  /** When the first picture behind it is shown: seconds from the file's begin. */
  readonly position: number
}

// h264 up to 1080p at 30 a second and 20 Mbit/s is decoded by one thread, of which it takes a seventh: 4 % less CPU for the
// whole job (measured). What takes more is left to as many threads as ffmpeg likes.
const LIGHT_CODEC = 'h264'
const LIGHT_PIXELS_PER_SECOND = 1920 * 1088 * 30
const LIGHT_BITS_PER_SECOND = 20_000_000

/** Starts ffmpeg for a clip: what it reads, and how it makes JPEG pictures of that. */
export class ClipEncoder {
  /** Pixels of the clip as it is sent, at its begin. */
  readonly size: Size
  /** When the first picture of a pass is shown, in seconds from the file's begin. */
  readonly first: number
  /** Seconds by which the time of a picture may differ between two ways to it. */
  readonly tolerance: number
  /** Seconds from one picture to the next, where they are converted to a rate. */
  readonly slot: number | undefined
  /** Whether the pictures are passed on as they are, of whatever size. */
  readonly copies: boolean
  readonly #options: ClipJobOptions
  #toldCutShort = false

  constructor(options: ClipJobOptions) {
    const { video, width, rate, first, copy } = options
    this.#options = options
    this.size = pictureSize(video, width)
    const slot = 1 / toNumber(rate ?? video.framesPerSecond)
    this.slot = rate && slot
    this.copies = copy !== undefined
    this.first = rate ? Math.round(first / slot) * slot : first
    this.tolerance = rate ? slot / 2 : copy ? 0.002 : 0.0006
  }

  /** Everything that the pictures of an output depend on, besides the file. */
  async describe(output: string): Promise<string> {
    const ffmpeg = await findFfmpeg()
    const { start, quality, rate, video } = this.#options
    const { width, height } = this.#sizeOf(output, video)
    const filters = this.#filters(output, video, ffmpeg)
    const encoding = ffmpegQualityOptions(quality)
    return JSON.stringify([ffmpeg.version, width, height, filters, encoding, rate, start])
  }

  /** The ways to a picture, fastest first. @param position - Seconds from the file's begin. */
  waysTo(position: number): WayIn[] {
    const { copy, video, first } = this.#options
    if (!copy) return waysIn({ container: video.container, position, slot: this.slot })
    const whole = { begin: 0, inputOptions: readFrom(0), filters: [] }
    if (position === first && first === video.firstTime) return [whole]
    // Copying begins with the picture before the one that is asked for.
    const begin = position + 0.25 / toNumber(video.framesPerSecond)
    return canSeek(video.container) ? [{ ...whole, begin, inputOptions: readFrom(begin) }, whole] : [whole]
  }

  /**
   * Runs ffmpeg.
   *
   * @returns Pictures in order; leaving the loop ends the process.
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the file cannot be read (any more), and after the last picture
   *   before their size or format changes.
   */
  async *read({ output, video, way, end }: EncoderRun, signal: AbortSignal): AsyncGenerator<EncodedPicture> {
    const { name, quality, copy } = this.#options
    const ffmpeg = await findFfmpeg()
    const decoding = [...alphaDecoder(video, ffmpeg), ...(await this.#threads())]
    const until = end && end.position - this.tolerance / 2
    // Filters that are set up anew behind the end would lose what they hold of the pictures before it.
    const bound = until === undefined ? [] : ['-reinit_filter', '0', '-t', (until - way.begin).toFixed(6)]
    const stream = await openMjpegStream({
      input: localInput(video.path),
      name,
      stream: video.stream,
      inputOptions: [...LOCAL_INPUT_OPTIONS, ...decoding, ...way.inputOptions, ...bound],
      outputOptions: end ? ['-frames:v', String(end.pictures)] : [],
      filters: [
        ...(until === undefined ? [] : [`select='lt(t,${until.toFixed(6)})'`]),
        ...(video === this.#options.video && !end ? [] : [fixSize(video)]),
        ...this.#pace(),
        ...way.filters,
        ...this.#filters(output, video, ffmpeg),
      ],
      quality,
      copy,
      onCutShort: () => this.#tellCutShort(),
      signal,
    })
    for await (const { time, jpeg } of stream.pictures()) yield { position: time, jpeg }
  }

  /** Decodes some pictures and says what they are, before their rate is converted. */
  show(way: WayIn, pictures: number, signal: AbortSignal): Promise<ShownPicture[]> {
    return showPictures(this.#options.video, { way, pictures, signal })
  }

  /** Once, not for each pass. */
  #tellCutShort(): void {
    if (this.#toldCutShort) return
    this.#toldCutShort = true
    this.#options.log?.warning(`"${this.#options.name}" is cut short: what there is of it is played`)
  }

  #pace(): string[] {
    const { rate } = this.#options
    return rate ? [`fps=${rate.numerator}/${rate.denominator}`] : []
  }

  #filters(output: string, video: VideoInfo, ffmpeg: Ffmpeg): string[] {
    const { width } = this.#options
    const size = output === '' ? { width } : this.#sizeOf(output, video)
    return pictureFilters(video, ffmpeg, size)
  }

  #sizeOf(output: string, video: VideoInfo): Size {
    const size = pictureSize(video, this.#options.width)
    return output === '' ? size : renditionSize(size, output)
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
}

/**
 * ffmpeg keeps to the size that it decoded first, which may be that of pictures before those that are meant; and it may
 * decode pictures behind them, which its other filters need not take.
 */
function fixSize({ decodedWidth, height }: VideoInfo): string {
  return `scale=${decodedWidth}:${height}`
}
