import { ClosedError, OptionError, Ticker, type Demand, type Frame, type Log } from '@zcast/shared'
import {
  colourWarning,
  copiesAsJpeg,
  findFfmpeg,
  probeVideo,
  toNumber,
  toRational,
  type VideoInfo,
} from '@zcast/shared/media'
import type { ClipPicture } from './clip-passes.ts'
import type { ClipCache } from './clip/clip-cache.ts'
import { ClipJob } from './clip/clip-job.ts'
import { ClipPlayer } from './clip/clip-player.ts'
import { ClipStore } from './clip/clip-store.ts'
import { describeChoices } from './clip/describe-choices.ts'
import { KeptRenditions } from './clip/kept-renditions.ts'
import { fileIdentity } from './clip/file-identity.ts'
import { checkFramesPerSecond, checkQuality, checkSide, expectedJpegBytes } from './picture-options.ts'
import { checkRenditions, renditionHeight } from './rendition-name.ts'
import { deriveFrames, resizeTo } from './renditions.ts'
import type { Source, SourceRun } from './source.ts'
import { standStill } from './stand-still.ts'

/** Options of {@link VideoFileSource.open}. */
export interface VideoFileOptions {
  /** Begin again after the last frame. Default true. */
  readonly loop?: boolean | undefined
  /** Seconds into the clip at which each pass begins. Default 0. */
  readonly start?: number | undefined
  /** Frames a second to send, 0.1 to 240; the clip keeps its speed. Default: each of the clip's frames once. */
  readonly fps?: number | undefined
  /** 1 to 100, libjpeg's scale. Default 80; a clip of JPEG pictures is passed on as it is. */
  readonly quality?: number | undefined
  /** Pixels, 16 to 8192; the height follows. Default: the clip's own. */
  readonly width?: number | undefined
  /** Further sizes to yield while they are wanted, as `360p`; never larger than the clip. Default: none. */
  readonly renditions?: readonly string[] | undefined
  /** Milliseconds with nobody watching after which ffmpeg is ended. Default 10,000. */
  readonly lingerMs?: number | undefined
  /** Keeps the encoded pictures of a looped clip. Default: each pass is encoded anew. */
  readonly cache?: ClipCache | undefined
  /** Where damaged pictures are reported. Default: nowhere. */
  readonly log?: Log | undefined
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined
}

const DEFAULT_LINGER_MS = 10_000

interface OpenedClip {
  readonly name: string
  readonly video: VideoInfo
  readonly copy: 'as-is' | 'with-tables' | undefined
  readonly identity: string | undefined
}

/**
 * A video file as frames, in the clip's own pace: every frame once, in order, pass after pass. A clip of variable rate is
 * converted to a constant one. Decodes no faster than frames are due, but for a bounded number ahead, which bridges the
 * time from the end of one pass to the first frame of the next. Stands still while nobody watches.
 */
export class VideoFileSource implements Source {
  readonly kind = 'video'
  readonly expectedBytes: number
  readonly renditions: readonly string[]
  /** What the file holds. */
  readonly video: VideoInfo
  /** Frames a second that are sent. */
  readonly framesPerSecond: number
  /** What a person may not expect of these options, each as one sentence. */
  readonly notes: readonly string[]
  readonly #clip: OpenedClip
  readonly #options: VideoFileOptions
  readonly #job: ClipJob
  #started = false

  private constructor(clip: OpenedClip, options: VideoFileOptions) {
    const { video, copy, name } = clip
    const { fps, quality = 80, width, start = 0, log } = options
    const rate = fps === undefined ? video.framesPerSecond : toRational(fps)
    this.video = video
    this.framesPerSecond = toNumber(rate)
    this.renditions = checkRenditions(options.renditions ?? [])
    this.#clip = clip
    this.#options = options
    this.#job = new ClipJob({ name, video, width, rate, quality, copy, start, log })
    const { size } = this.#job
    this.notes = describeChoices({ name, video, copied: copy !== undefined, options, height: size.height })
    // What others encoded may be of any quality.
    this.expectedBytes = expectedJpegBytes(size.width, size.height, copy ? 95 : quality)
  }

  /**
   * Opens a video file, and decodes one frame of it, so that what is wrong with it comes out here.
   *
   * @throws {@link OptionError} when an option is out of range; {@link SourceError} `ERR_SOURCE_MISSING`,
   *   `ERR_SOURCE_UNREADABLE` or `ERR_FFMPEG`; the signal's reason when it aborts.
   */
  static async open(path: string, options: VideoFileOptions = {}): Promise<VideoFileSource> {
    const { quality, width, fps, start = 0, signal } = options
    if (quality !== undefined) checkQuality(quality)
    if (width !== undefined) checkSide('width', width, 16)
    if (fps !== undefined) checkFramesPerSecond(fps)
    if (!(start >= 0)) throw new OptionError(`start must be 0 seconds or more, got ${start}`)
    checkRenditions(options.renditions ?? [])
    const identity = await fileIdentity(path)
    const video = await probeVideo(path, { signal })
    if (video.duration !== undefined && start >= video.duration) {
      throw new OptionError(
        `start must lie within "${path}", which lasts ${video.duration} s, got ${start} s`,
      )
    }
    const warning = colourWarning(video, await findFfmpeg(), path)
    if (warning) options.log?.warning(warning)
    const asStored = quality === undefined && width === undefined && fps === undefined
    const copy = asStored ? await copiesAsJpeg(video, { signal }) : undefined
    return new VideoFileSource({ name: path, video, copy, identity }, options)
  }

  /** @throws {@link SourceError} `ERR_SOURCE_FAILED` when the file cannot be read (any more); {@link ClosedError} when run twice. */
  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<Frame> {
    const { name, copy } = this.#clip
    if (this.#started) throw new ClosedError(`the source "${name}"`)
    this.#started = true

    const { loop = true, lingerMs = DEFAULT_LINGER_MS } = this.#options
    const { framesPerSecond, renditions } = this
    const job = this.#job
    const store = this.#openStore()
    const smaller = renditions.filter((rendition) => renditionHeight(rendition) < job.size.height)
    const copied = copy !== undefined
    const player = new ClipPlayer({
      name,
      loop,
      job,
      smaller,
      copied,
      framesPerSecond,
      demand,
      signal,
      store,
    })
    const ticker = new Ticker(framesPerSecond)
    const kept = new KeptRenditions(store, loop, resizeTo(this.#options.quality ?? 80))
    try {
      for (;;) {
        if (demand.wanted.size === 0) {
          const rest = (): Promise<void> => player.rest().then(() => kept.interrupt())
          await standStill({ demand, signal, lingerMs, rest })
          ticker.restart()
        }
        const picture = signal.aborted ? undefined : await player.next()
        if (!picture) return
        const frames = await this.#derive(picture, demand, kept)
        const time = await ticker.next(signal)
        if (time === undefined) return
        for (const frame of frames) yield { ...frame, time }
      }
    } finally {
      await player.close()
      await store?.close()
    }
  }

  async #derive(picture: ClipPicture, { wanted }: Demand, kept: KeptRenditions): Promise<Frame[]> {
    const { renditions } = this
    if (renditions.length === 0) return wanted.size > 0 ? [frameOf(picture)] : []
    const make = await kept.makeFor(picture.index)
    return deriveFrames(frameOf(picture), { renditions, wanted, original: this.#job.size, make })
  }

  #openStore(): ClipStore | undefined {
    const { cache } = this.#options
    const { identity, video } = this.#clip
    if (!cache || identity === undefined) return undefined
    return new ClipStore({ cache, path: video.path, identity, keyOf: (output) => this.#job.describe(output) })
  }
}

/** Its time is not known yet. */
function frameOf({ output, width, height, data }: ClipPicture): Frame {
  const rendition = output === '' ? {} : { rendition: output }
  return { kind: 'video', time: 0, width, height, ...rendition, format: 'jpeg', data }
}
