import {
  ClosedError,
  Demand,
  type Frame,
  type Log,
  OptionError,
  SourceError,
  Ticker,
  type TopicShape,
} from '@zcast/shared'
import {
  asShown,
  colourWarning,
  copiesAsJpeg,
  findFfmpeg,
  findPicture,
  isOtherThan,
  lastPictureSeconds,
  probeVideo,
  toNumber,
  toRational,
  type Rational,
  type VideoInfo,
} from '@zcast/media'
import type { ClipPicture } from './clip/clip-passes.ts'
import type { ClipCache } from './clip/cache/clip-cache.ts'
import { ClipJob } from './clip/clip-job.ts'
import type { ClipPlace } from './clip/clip-place.ts'
import { ClipPlayer } from './clip/clip-player.ts'
import type { ClipTimeline } from './clip/clip-timeline.ts'
import { ClipStore } from './clip/cache/clip-store.ts'
import { describeChoices } from './clip/describe-choices.ts'
import { KeptRenditions } from './clip/cache/kept-renditions.ts'
import { fileIdentity } from './clip/cache/file-identity.ts'
import { checkFramesPerSecond, checkQuality, checkSide, expectedJpegBytes } from './picture-options.ts'
import { checkRenditions, renditionHeight } from './rendition-name.ts'
import { deriveFrames, renditionSize, resizeTo, type Size } from './renditions.ts'
import type { Source, SourceRun } from './source.ts'
import { standStill } from './stand-still.ts'

/** Options of {@link VideoFileSource.open}. */
export interface VideoFileOptions {
  /** Starts again after the last frame. Default true. */
  readonly loop?: boolean | undefined
  /** Seconds from the clip's first picture to the start of each pass. Default 0. */
  readonly start?: number | undefined
  /** Frames per second to send, 0.1 to 240; the clip keeps its speed. Default: each of the clip's frames once. */
  readonly fps?: number | undefined
  /** 1 to 100, libjpeg's scale. Default 80; a clip of JPEG pictures is passed on unchanged. */
  readonly quality?: number | undefined
  /** Pixels, 16 to 8192; the height follows. Default: the clip's own. */
  readonly width?: number | undefined
  /** Further sizes to yield while they are wanted, such as `360p`; never larger than the clip. Default: none. */
  readonly renditions?: readonly string[] | undefined
  /** The time without a watcher after which ffmpeg is ended, in milliseconds. Default 10,000. */
  readonly lingerMs?: number | undefined
  /** Stores the encoded pictures of a looped clip. Default: each pass is re-encoded. */
  readonly cache?: ClipCache | undefined
  /** Told when each picture is due, for what has to keep in step. Default: nobody is. */
  readonly timeline?: ClipTimeline | undefined
  /** What `probeVideo` says of the file, where that is known already. Default: it is looked at. */
  readonly info?: VideoInfo | undefined
  /** Receives reports of damaged pictures. Default: no reports. */
  readonly log?: Log | undefined
  /** Aborts the opening. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link VideoFileSource.pictures}. */
export interface ClipPicturesOptions {
  /** Seconds from the clip's first picture. Default 0. */
  readonly from?: number | undefined
  /** Stores the pictures in the cache, where they are all read from the first one on. Default false. */
  readonly keep?: boolean | undefined
  /** Ends the reading. */
  readonly signal: AbortSignal
}

const DEFAULT_LINGER_MS = 10_000
/** Seconds to go back for the picture that is shown at a place, where the next one begins much later, or none. */
const STEPS_BACK = [0, 0.5, 10, Infinity]
/** A picture that begins so much later is shown in its stead, which is faster than to go back. */
const LITTLE_LATER_SECONDS = 0.12

interface OpenedClip {
  readonly name: string
  readonly video: VideoInfo
  readonly copy: 'as-is' | 'with-tables' | undefined
  readonly identity: string | undefined
  /** The time of the first picture of a pass, in seconds from the start of the file. */
  readonly first: number
  /** The duration of the last picture, in seconds. */
  readonly lastSeconds: number
}

/**
 * A video file as frames, at the clip's own pace: every frame once, in order, each at its own time, pass after pass.
 * Frames have their size in the file, which may change midway. Decodes no faster than frames are due, except for a
 * bounded number in advance, which bridges the time from the end of one pass to the first frame of the next. Pauses
 * while nobody watches.
 */
export class VideoFileSource implements Source {
  readonly kind = 'video'
  readonly expectedBytes: number
  readonly renditions: readonly string[]
  readonly shape: TopicShape
  /** The description of the file's video. */
  readonly video: VideoInfo
  /** Frames per second that are sent; the average when the clip's rate varies. */
  readonly framesPerSecond: number
  /** Surprising effects of these options, each as one sentence. */
  readonly notes: readonly string[]
  readonly #clip: OpenedClip
  readonly #options: VideoFileOptions
  readonly #job: ClipJob
  readonly #rate: Rational | undefined
  #started = false

  private constructor(clip: OpenedClip, options: VideoFileOptions) {
    const { video, copy, name, first } = clip
    const { fps, quality = 80, width, start = 0, log } = options
    const rate = conversionTo(fps, video)
    const begin = start === 0 ? 0 : video.firstTime + start
    this.video = video
    this.framesPerSecond = toNumber(rate ?? video.framesPerSecond)
    this.renditions = checkRenditions(options.renditions ?? [])
    this.#clip = clip
    this.#options = options
    this.#rate = rate
    this.#job = new ClipJob({ name, video, width, rate, quality, copy, start: begin, first, log })
    const { size } = this.#job
    this.notes = describeChoices({ name, video, copied: copy !== undefined, options, height: size.height })
    this.shape = { ...size, format: 'jpeg' }
    // Pictures that others encoded may be of any quality.
    this.expectedBytes = expectedJpegBytes(size.width, size.height, copy ? 95 : quality)
  }

  /**
   * Opens a video file, and decodes one frame of it, so that problems are detected here.
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
    const info = options.info ?? (await probeVideo(path, { signal }))
    const { video, first } = await findStart(path, info, start, signal)
    const warning = colourWarning(video, await findFfmpeg(), path)
    if (warning) options.log?.warning(warning)
    const asStored = quality === undefined && width === undefined && fps === undefined
    const copy = asStored ? await copiesAsJpeg(video, { signal }) : undefined
    const lastSeconds = fps === undefined ? await lastPictureSeconds(video, { signal }) : 1 / fps
    return new VideoFileSource({ name: path, video, copy, identity, first, lastSeconds }, options)
  }

  /** The number of frames left out so far because they are damaged, or over 16 MiB. */
  get dropped(): number {
    return this.#job.dropped
  }

  /** When the first picture of a pass is shown, in seconds from the file's begin, where its sound may begin earlier. */
  get firstTime(): number {
    return this.#clip.first
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
    const { timeline } = this.#options
    let last: ClipPicture | undefined
    let pass = 0
    const kept = new KeptRenditions(store, loop, resizeTo(this.#options.quality ?? 80))
    try {
      for (;;) {
        if (demand.wanted.size === 0) {
          const rest = (): Promise<void> => player.rest().then(() => kept.interrupt())
          timeline?.stop()
          await standStill({ demand, signal, lingerMs, rest })
          ticker.restart()
          last = undefined
        }
        const picture = signal.aborted ? undefined : await player.next()
        if (!picture) return
        if (last && picture.index <= last.index) pass++
        if (last) ticker.hold(picture.index > last.index ? picture.at - last.at : this.#clip.lastSeconds)
        last = picture
        timeline?.show(pass, picture.at, ticker.schedule())
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

  /**
   * The pictures from a place to the end, once, as fast as they are taken, for who has a clock of their own. May be
   * called any number of times, and reads from the cache what is there.
   *
   * @returns Pictures with their times in seconds from the clip's first one. The first is the one at the place, or a
   *   little before or behind it. Leaving the loop frees everything.
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the file cannot be read (any more).
   */
  async *pictures({ from = 0, keep = false, signal }: ClipPicturesOptions): AsyncGenerator<ClipPicture> {
    const store = this.#openStore()
    try {
      const stored = from > 0 && this.#clip.copy === undefined ? await findStored(store, from) : undefined
      if (stored || from <= 0) yield* this.#play({ job: this.#job, from: stored, keep, store, signal })
      else yield* this.#playFrom(from, signal)
    } finally {
      await store?.close()
    }
  }

  /** Where the next picture begins much later, or none, the one that is shown at a place began earlier. */
  async *#playFrom(from: number, signal: AbortSignal): AsyncGenerator<ClipPicture> {
    for (const back of STEPS_BACK) {
      const isLast = back >= from
      const pictures = this.#playNear(isLast ? 0 : from - back, signal)
      try {
        const first = await nextPicture(pictures, isLast)
        if (!first || (first.at > from + LITTLE_LATER_SECONDS && !isLast)) continue
        let shown: ClipPicture | undefined = first
        for await (const picture of pictures) {
          // Nobody is to see what was shown before.
          if (shown && picture.at > from) yield shown
          if (picture.at > from) yield picture
          shown = picture.at > from ? undefined : picture
        }
        if (shown) yield shown
        return
      } finally {
        await pictures.return(undefined)
      }
    }
  }

  /** From a picture on that begins there or a little later. */
  async *#playNear(from: number, signal: AbortSignal): AsyncGenerator<ClipPicture> {
    const { name, video, copy, first } = this.#clip
    const { width, quality = 80, log } = this.#options
    const start = first + from
    const near = 1.5 / this.framesPerSecond
    const pictures = { name, video, width, rate: this.#rate, quality, copy, log }
    const job = new ClipJob({ ...pictures, start, first: start, near })
    for await (const picture of this.#play({ job, signal }))
      yield { ...picture, at: picture.at + (job.entered ?? start) - first }
  }

  async *#play({ job, from, keep = false, store, signal }: PassOptions): AsyncGenerator<ClipPicture> {
    const { name, copy } = this.#clip
    const player = new ClipPlayer({
      name,
      loop: false,
      keeps: keep,
      job,
      from,
      smaller: [],
      copied: copy !== undefined,
      framesPerSecond: this.framesPerSecond,
      demand: new Demand(['']),
      signal,
      store,
    })
    try {
      for (let picture = await player.next(); picture; picture = await player.next()) yield picture
    } finally {
      await player.close()
    }
  }

  async #derive(picture: ClipPicture, { wanted }: Demand, kept: KeptRenditions): Promise<Frame[]> {
    const { renditions } = this
    if (renditions.length === 0) return wanted.size > 0 ? [frameOf(picture)] : []
    const make = await kept.makeFor(picture)
    return deriveFrames(frameOf(picture), { renditions, wanted, original: this.#originalOf(picture), make })
  }

  /** The size that a picture has without renditions; approximate for a clip that changes its size. */
  #originalOf(picture: ClipPicture): Size {
    const { size } = this.#job
    const expected = picture.output === '' ? size : renditionSize(size, picture.output)
    return expected.width === picture.width && expected.height === picture.height ? size : picture
  }

  #openStore(): ClipStore | undefined {
    const { cache } = this.#options
    const { identity, video } = this.#clip
    if (!cache || identity === undefined) return undefined
    return new ClipStore({ cache, path: video.path, identity, keyOf: (output) => this.#job.describe(output) })
  }
}

/** One pass over a clip, or the rest of one. */
interface PassOptions {
  readonly job: ClipJob
  readonly from?: ClipPlace | undefined
  readonly keep?: boolean
  readonly store?: ClipStore | undefined
  readonly signal: AbortSignal
}

/** The stored picture that is shown at a time, in seconds from the clip's first one; `undefined` when none are stored. */
async function findStored(store: ClipStore | undefined, seconds: number): Promise<ClipPlace | undefined> {
  await store?.beginPass()
  const reader = await store?.reader('')
  if (!reader) return undefined
  let index = 0
  while (index + 1 < reader.pictures && reader.at(index + 1) <= seconds) index++
  return { known: { index, at: reader.at(index) }, next: index }
}

/** The first picture; `undefined` where there is none so late in the clip. @param isLast - There is no other way. */
async function nextPicture(
  pictures: AsyncGenerator<ClipPicture>,
  isLast: boolean,
): Promise<ClipPicture | undefined> {
  try {
    const { done, value } = await pictures.next()
    return done ? undefined : value
  } catch (error) {
    if (isLast || !(error instanceof SourceError) || error.code !== 'ERR_SOURCE_FAILED') throw error
    return undefined
  }
}

/** The time is not known yet. */
function frameOf({ output, width, height, data }: ClipPicture): Frame {
  const rendition = output === '' ? {} : { rendition: output }
  return { kind: 'video', time: 0, width, height, ...rendition, format: 'jpeg', data }
}

/** The rate to convert to; `undefined` when each picture is sent once, at its own time. */
function conversionTo(fps: number | undefined, video: VideoInfo): Rational | undefined {
  if (fps === undefined) return undefined
  const rate = toRational(fps)
  const same = video.constantRate && toNumber(video.framesPerSecond) === toNumber(rate)
  return same ? undefined : rate
}

/**
 * The description of the clip after its first `start` seconds, and the time of the first picture there, in seconds from
 * the start of the file.
 */
async function findStart(
  path: string,
  video: VideoInfo,
  start: number,
  signal: AbortSignal | undefined,
): Promise<{ video: VideoInfo; first: number }> {
  if (start === 0) return { video, first: video.firstTime }
  const beyond = video.duration !== undefined && start >= video.duration
  const picture = beyond ? undefined : await findPicture(video, video.firstTime + start, { signal })
  if (picture) {
    return { video: isOtherThan(picture, video) ? asShown(video, picture) : video, first: picture.time }
  }
  const lasts = beyond ? `, which lasts ${video.duration} s` : ''
  throw new OptionError(`start is beyond the end of the video in "${path}"${lasts}: begin before ${start} s`)
}
