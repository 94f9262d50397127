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

/** The way in which a clip is played. */
export interface ClipJobOptions {
  /** The clip's name in errors. */
  readonly name: string
  readonly video: VideoInfo
  /** Pixels; default the clip's own. */
  readonly width: number | undefined
  /** Pictures per second to convert to. Default: each picture at its own time. */
  readonly rate: Rational | undefined
  /** 1 to 100. */
  readonly quality: number
  /** Passes its pictures on without re-encoding. */
  readonly copy: 'as-is' | 'with-tables' | undefined
  /** The start of a pass: seconds from the start of the file. */
  readonly start: number
  /** The first picture from there on: seconds from the start of the file. */
  readonly first: number
  /**
   * Seconds: any picture up to so much later will do as the first one, where it is not known which one comes first.
   * Default: none but the one at `first`.
   */
  readonly near?: number | undefined
  readonly log?: Log | undefined
}

/** A picture as ffmpeg outputs it. */
export interface EncodedPicture {
  /** Seconds from the start of the file. */
  readonly position: number
  /** `undefined` for a picture over 16 MiB. */
  readonly jpeg: Uint8Array | undefined
}

/** The input of one ffmpeg run. */
export interface EncoderRun {
  /** The clip's own size, `''`, or the name of a rendition. */
  readonly output: string
  /** The description of its pictures. */
  readonly video: VideoInfo
  readonly way: WayIn
  /** The point at which the size or format of the pictures changes. Default: the end of the file. */
  readonly end: EncoderEnd | undefined
}

/** The end of an ffmpeg run. */
export interface EncoderEnd {
  /** The number of pictures before it. */
  readonly pictures: number
  /** The time of the first picture after it: seconds from the start of the file. */
  readonly position: number
}

// h264 up to 1080p at 30 a second and 20 Mbit/s is decoded by one thread, which it keeps busy for a seventh of the
// time: 4 % less CPU time for the whole job (measured). Anything heavier uses as many threads as ffmpeg chooses.
const LIGHT_CODEC = 'h264'
const LIGHT_PIXELS_PER_SECOND = 1920 * 1088 * 30
const LIGHT_BITS_PER_SECOND = 20_000_000

/** Starts ffmpeg for a clip, with the arguments for reading it and for making JPEG pictures of it. */
export class ClipEncoder {
  /** The size of the clip as it is sent, at its start, in pixels. */
  readonly size: Size
  /** The time of the first picture of a pass, in seconds from the start of the file. */
  readonly first: number
  /** The largest difference, in seconds, between the times of a picture reached in two ways. */
  readonly tolerance: number
  /** Seconds from one picture to the next, when they are converted to a rate. */
  readonly slot: number | undefined
  /** True when the pictures are passed on unchanged, whatever their size. */
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

  /** Everything that the pictures of an output depend on, apart from the file. */
  async describe(output: string): Promise<string> {
    const ffmpeg = await findFfmpeg()
    const { start, quality, rate, video } = this.#options
    const { width, height } = this.#sizeOf(output, video)
    const filters = this.#filters(output, video, ffmpeg)
    const encoding = ffmpegQualityOptions(quality)
    return JSON.stringify([ffmpeg.version, width, height, filters, encoding, rate, start])
  }

  /** The ways to reach a picture, fastest first. @param position - Seconds from the start of the file. */
  waysTo(position: number): WayIn[] {
    const { copy, video, first } = this.#options
    if (!copy) return waysIn({ container: video.container, position, slot: this.slot })
    const whole = { begin: 0, inputOptions: readFrom(0), filters: [] }
    if (position === first && first === video.firstTime) return [whole]
    // Copying begins with the picture before the requested one.
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
    // Filters that are set up again after the end would lose what they hold of the pictures before it.
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

  /** Decodes some pictures and describes them, before their rate is converted. */
  show(way: WayIn, pictures: number, signal: AbortSignal): Promise<ShownPicture[]> {
    return showPictures(this.#options.video, { way, pictures, signal })
  }

  /** Reported once, not for each pass. */
  #tellCutShort(): void {
    if (this.#toldCutShort) return
    this.#toldCutShort = true
    this.#options.log?.warning(`"${this.#options.name}" is cut short: the part that exists is played`)
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
    // A missing file is reported by ffmpeg.
    const bytes = await stat(path).then(
      ({ size }) => size,
      () => Infinity,
    )
    return (bytes * 8) / duration <= LIGHT_BITS_PER_SECOND ? ['-threads', '1'] : []
  }
}

/**
 * ffmpeg keeps the size that it decoded first, which may be that of pictures before the intended ones; and it may
 * decode pictures after them, which its other filters may not accept.
 */
function fixSize({ decodedWidth, height }: VideoInfo): string {
  return `scale=${decodedWidth}:${height}`
}
