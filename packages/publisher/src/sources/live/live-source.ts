import { ClosedError, errorMessage, type Demand, type Frame, type Log } from '@zcast/shared'
import { encodeJpeg, prepareJpeg, type CapturedPicture, type SizedJpeg } from '@zcast/shared/media'
import { checkQuality, checkSide, expectedJpegBytes } from '../picture-options.ts'
import { checkRenditions } from '../rendition-name.ts'
import { deriveFrames, renditionSize, resizeTo } from '../renditions.ts'
import type { Source, SourceRun } from '../source.ts'
import type { LiveInput } from './live-input.ts'
import { LiveSession, type TimedPicture } from './live-session.ts'
import { pause, RetryDelay } from './retry-delay.ts'

/** Options of a {@link LiveSource}. */
export interface LiveOptions {
  /** 1 to 100, libjpeg's scale. Default: JPEG pictures pass as they are, others are encoded at 80. */
  readonly quality?: number | undefined
  /** Pixels, 16 to 8192; the height follows. JPEG pictures of another width are encoded anew. */
  readonly width?: number | undefined
  /** Further sizes to yield while they are wanted, as `360p`; never larger than the picture. Default: none. */
  readonly renditions?: readonly string[] | undefined
  /** How long the input stays open after the last one who watched has gone, in milliseconds. Default 10,000. */
  readonly lingerMs?: number | undefined
  /** End, with the input's error if it has one, instead of opening the input again. Default false. */
  readonly exitOnEnd?: boolean | undefined
  /** Open the input before anybody watches, and read it all the time. Default false. */
  readonly eager?: boolean | undefined
  /** Where failed attempts and broken pictures are reported. Default: nowhere. */
  readonly log?: Log | undefined
  /** The wait before the second attempt, in milliseconds; it doubles up to 30 s. Default 1000. */
  readonly firstRetryMs?: number | undefined
}

const DEFAULT_LINGER_MS = 10_000
const EXPECTED_WIDTH = 1280
const EXPECTED_HEIGHT = 720

/**
 * A live input as frames: opened while somebody watches, opened again whenever it fails, and never a queue. When it
 * gives pictures faster than they can be encoded and sent, the newest is kept and the others are dropped before they
 * are encoded. A frame's time is when its picture came.
 */
export class LiveSource implements Source {
  readonly kind = 'video'
  readonly expectedBytes: number
  readonly renditions: readonly string[]
  readonly #input: LiveInput
  readonly #options: LiveOptions
  readonly #retry: RetryDelay
  #session: LiveSession | undefined
  #dropped = 0
  #badPictures = 0
  #started = false

  /** @throws {@link OptionError} when an option is out of range. */
  constructor(input: LiveInput, options: LiveOptions = {}) {
    const { quality, width = EXPECTED_WIDTH } = options
    if (quality !== undefined) checkQuality(quality)
    checkSide('width', width, 16)
    this.renditions = checkRenditions(options.renditions ?? [])
    this.#input = input
    this.#options = options
    this.#retry = new RetryDelay(options.firstRetryMs)
    this.expectedBytes = expectedJpegBytes(width, (width * EXPECTED_HEIGHT) / EXPECTED_WIDTH, quality ?? 80)
  }

  /** Pictures that were dropped because a newer one came first. */
  get dropped(): number {
    return this.#dropped + (this.#session?.dropped ?? 0)
  }

  /** Pictures passed over because they were broken. */
  get badPictures(): number {
    return this.#badPictures
  }

  /**
   * @throws {@link SourceError} only with `exitOnEnd`, what ended the input; {@link ClosedError} when run twice.
   */
  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<Frame> {
    if (this.#started) throw new ClosedError(`the source "${this.#input.name}"`)
    this.#started = true
    const lingerMs = this.#options.lingerMs ?? DEFAULT_LINGER_MS
    while (!signal.aborted) {
      if (!this.#options.eager) await demand.untilWanted(signal)
      if (signal.aborted) return
      const session = new LiveSession(this.#input, { demand, lingerMs, signal })
      this.#session = session
      try {
        yield* this.#frames(session, demand)
      } finally {
        this.#session = undefined
        this.#dropped += session.dropped
      }
      if (signal.aborted) return
      if (session.idle) continue
      if (!(await this.#recover(session.failure, signal))) return
    }
  }

  async *#frames(session: LiveSession, demand: Demand): AsyncGenerator<Frame> {
    for await (const timed of session.pictures()) {
      const frames = await this.#encode(timed, demand.wanted)
      if (frames) this.#retry.reset()
      if (frames) yield* frames
    }
  }

  /** @returns Whether to open the input again. */
  async #recover(failure: unknown, signal: AbortSignal): Promise<boolean> {
    const { name, once } = this.#input
    const { log, exitOnEnd } = this.#options
    if (exitOnEnd) {
      if (failure) throw failure
      return false
    }
    const sentence = failure ? errorMessage(failure) : `"${name}" has ended`
    if (once) {
      log?.error(`${sentence}; nothing more can come from it`, failure)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      return false
    }
    const delayMs = this.#retry.take()
    log?.error(`${sentence}; trying again in ${delayMs / 1000} s`, failure)
    await pause(delayMs, signal)
    return true
  }

  /** The outputs that are wanted, largest first; `undefined` when the picture is broken. */
  async #encode({ picture, time }: TimedPicture, wanted: ReadonlySet<string>): Promise<Frame[] | undefined> {
    try {
      const { renditions } = this
      const smaller = wanted.has('') ? undefined : renditions.find((name) => wanted.has(name))
      const jpeg = await this.#toJpeg(picture, smaller)
      const encoded = 'pixels' in picture && smaller !== undefined ? { rendition: smaller } : {}
      const frame: Frame = { kind: 'video', time, ...jpeg, ...encoded, format: 'jpeg' }
      const { width, height } = 'pixels' in picture ? picture : jpeg
      const original = { width, height }
      const make = resizeTo(this.#options.quality ?? 80)
      return await deriveFrames(frame, { renditions, wanted, original, make })
    } catch (error) {
      this.#badPictures++
      this.#options.log?.warning(`passed over a picture of "${this.#input.name}": ${errorMessage(error)}`)
      return undefined
    }
  }

  /** @param smaller - The largest rendition that is wanted, where the picture as it is is not. */
  async #toJpeg(picture: CapturedPicture, smaller: string | undefined): Promise<SizedJpeg> {
    const { quality, width } = this.#options
    if (!('pixels' in picture)) return prepareJpeg(picture.jpeg, picture.isPrepared ? {} : { width, quality })
    const { pixels, ...own } = picture
    const size = smaller === undefined ? undefined : renditionSize(own, smaller)
    const data = await encodeJpeg(pixels, own.width, own.height, quality ?? 80, size)
    return { data, ...(size ?? own) }
  }
}
