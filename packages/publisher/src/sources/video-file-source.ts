import { ClosedError, readJpegSize, SourceError, Ticker, type Frame } from '@zcast/shared'
import {
  findFfmpeg,
  localInput,
  LOCAL_INPUT_OPTIONS,
  openMjpegStream,
  pictureFilters,
  pictureSize,
  probeVideo,
  toNumber,
  toRational,
  type Rational,
  type VideoInfo,
} from '@zcast/shared/media'
import { clipPasses } from './clip-passes.ts'
import { checkFramesPerSecond, checkQuality, checkSide, expectedJpegBytes } from './picture-options.ts'
import { prefetch } from './prefetch.ts'
import type { Source, SourceRun } from './source.ts'

/** Options of {@link VideoFileSource.open}. */
export interface VideoFileOptions {
  /** Begin again after the last frame. Default true. */
  readonly loop?: boolean | undefined
  /** Frames a second to send, 0.1 to 240; the clip keeps its speed. Default: each of the clip's frames once. */
  readonly fps?: number | undefined
  /** 1 to 100, libjpeg's scale. Default 80. */
  readonly quality?: number | undefined
  /** Pixels, 16 to 8192; the height follows. Default: the clip's own. */
  readonly width?: number | undefined
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined
}

// Half a second covers the start of the next pass's ffmpeg (some 50 ms on an idle machine) many times over.
const PREFETCH_SECONDS = 0.5
const PREFETCH_FRAMES = 8
const PREFETCH_BYTES = 8 * 1024 * 1024

/**
 * A video file as frames, in the clip's own pace: every frame once, in order, pass after pass. A clip of variable rate is
 * converted to a constant one. Decodes no faster than frames are due, but for a bounded number ahead, which bridges the
 * time from the end of one pass to the first frame of the next.
 */
export class VideoFileSource implements Source {
  readonly kind = 'video'
  readonly expectedBytes: number
  /** What the file holds. */
  readonly video: VideoInfo
  /** Frames a second that are sent. */
  readonly framesPerSecond: number
  readonly #name: string
  readonly #loop: boolean
  readonly #quality: number
  readonly #width: number | undefined
  readonly #rate: Rational
  #started = false

  private constructor(name: string, video: VideoInfo, options: VideoFileOptions) {
    const { loop = true, fps, quality = 80, width } = options
    this.video = video
    this.#name = name
    this.#loop = loop
    this.#quality = quality
    this.#width = width
    this.#rate = fps === undefined ? video.framesPerSecond : toRational(fps)
    this.framesPerSecond = toNumber(this.#rate)
    const size = pictureSize(video, width)
    this.expectedBytes = expectedJpegBytes(size.width, size.height, quality)
  }

  /**
   * Opens a video file, and decodes one frame of it, so that what is wrong with it comes out here.
   *
   * @throws {@link OptionError} when an option is out of range; {@link SourceError} `ERR_SOURCE_MISSING`,
   *   `ERR_SOURCE_UNREADABLE` or `ERR_FFMPEG`; the signal's reason when it aborts.
   */
  static async open(path: string, options: VideoFileOptions = {}): Promise<VideoFileSource> {
    if (options.quality !== undefined) checkQuality(options.quality)
    if (options.width !== undefined) checkSide('width', options.width, 16)
    if (options.fps !== undefined) checkFramesPerSecond(options.fps)
    return new VideoFileSource(path, await probeVideo(path, { signal: options.signal }), options)
  }

  /** @throws {@link SourceError} `ERR_SOURCE_FAILED` when the file cannot be read (any more); {@link ClosedError} when run twice. */
  async *blocks({ signal }: SourceRun): AsyncGenerator<Frame> {
    if (this.#started) throw new ClosedError(`the source "${this.#name}"`)
    this.#started = true

    const items = Math.max(PREFETCH_FRAMES, Math.ceil(this.framesPerSecond * PREFETCH_SECONDS))
    const limits = { items, bytes: PREFETCH_BYTES, sizeOf: (picture: Uint8Array) => picture.length }
    const pictures = prefetch((stop) => this.#passes(items, stop), limits, signal)
    const ticker = new Ticker(this.framesPerSecond)
    for await (const data of pictures) {
      const size = readJpegSize(data)
      if (!size) throw new SourceError('ERR_SOURCE_FAILED', `ffmpeg made a broken picture of "${this.#name}"`)
      const time = await ticker.next(signal)
      if (time === undefined) return
      yield { kind: 'video', time, ...size, format: 'jpeg', data }
    }
  }

  #passes(keptPictures: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const { name, loop } = { name: this.#name, loop: this.#loop }
    return clipPasses(() => this.#readPass(signal), { loop, name, keptPictures, keptBytes: PREFETCH_BYTES })
  }

  async *#readPass(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { video } = this
    const converted = !video.constantRate || toNumber(video.framesPerSecond) !== this.framesPerSecond
    const stream = await openMjpegStream({
      input: localInput(video.path),
      name: this.#name,
      inputOptions: LOCAL_INPUT_OPTIONS,
      filters: pictureFilters(video, await findFfmpeg(), {
        width: this.#width,
        framesPerSecond: converted ? this.#rate : undefined,
      }),
      quality: this.#quality,
      signal,
    })
    yield* stream.pictures()
  }
}
