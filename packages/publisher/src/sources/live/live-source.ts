import { ClosedError, type Demand, type Frame, type Log, SourceError } from '@zcast/shared'
import { errorMessage, pause } from '@zcast/shared/internal'
import { encodeJpeg, prepareJpeg, type CapturedPicture, type SizedJpeg } from '@zcast/media'
import { checkQuality, checkSide, expectedJpegBytes } from '../picture-options.ts'
import { checkRenditions } from '../rendition-name.ts'
import { deriveFrames, renditionSize, resizeTo } from '../renditions.ts'
import type { Source, SourceRun } from '../source.ts'
import { InputDemand } from './input-demand.ts'
import type { LiveInput } from './live-input.ts'
import { LiveSession, type TimedPicture } from './live-session.ts'
import type { LiveSoundSource } from './live-sound-source.ts'
import { Outage } from './outage.ts'
import { RetryDelay } from './retry-delay.ts'

/** Options of a {@link LiveSource}. */
export interface LiveOptions {
  /** 1 to 100, libjpeg's scale. Default: JPEG pictures are passed on unchanged, others are encoded at 80. */
  readonly quality?: number | undefined
  /** Pixels, 16 to 8192; the height follows. JPEG pictures of another width are re-encoded. */
  readonly width?: number | undefined
  /** Further sizes to yield while they are wanted, such as `360p`; never larger than the picture. Default: none. */
  readonly renditions?: readonly string[] | undefined
  /** The time that the input stays open after the last watcher has gone, in milliseconds. Default 10,000. */
  readonly lingerMs?: number | undefined
  /** Ends, with the input's error if there is one, instead of opening the input again. Default false. */
  readonly exitOnEnd?: boolean | undefined
  /** Called, with `exitOnEnd`, when the input has ended. Default: not called. */
  readonly onEnd?: ((sentence: string) => void) | undefined
  /** Opens the input before anybody watches, and reads it all the time. Default false. */
  readonly eager?: boolean | undefined
  /** Takes the sound of the input, which is open while somebody listens too. Default: its sound is not read. */
  readonly sound?: LiveSoundSource | undefined
  /** Receives reports of failed attempts and broken pictures. Default: no reports. */
  readonly log?: Log | undefined
  /** The wait before the second attempt, in milliseconds; it doubles up to 30 s. Default 1000. */
  readonly firstRetryMs?: number | undefined
}

const DEFAULT_LINGER_MS = 10_000
const EXPECTED_WIDTH = 1280
const EXPECTED_HEIGHT = 720

/**
 * A live input as frames: opened while somebody watches, reopened whenever it fails, and never a queue. When it
 * produces pictures faster than they can be encoded and sent, the newest is kept and the others are dropped before they
 * are encoded. A frame's time is the arrival time of its picture.
 */
export class LiveSource implements Source {
  readonly kind = 'video'
  readonly expectedBytes: number
  readonly renditions: readonly string[]
  readonly #input: LiveInput
  readonly #options: LiveOptions
  readonly #retry: RetryDelay
  #session: LiveSession | undefined
  readonly #outage: Outage
  #dropped = 0
  #badPictures = 0
  #pictures = 0
  #failure: unknown
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
    this.#outage = new Outage(input.name, options.log)
    this.expectedBytes = expectedJpegBytes(width, (width * EXPECTED_HEIGHT) / EXPECTED_WIDTH, quality ?? 80)
  }

  /** The number of pictures dropped because a newer one came first. */
  get dropped(): number {
    return this.#dropped + (this.#session?.dropped ?? 0)
  }

  /** The number of pictures skipped because they were broken. */
  get badPictures(): number {
    return this.#badPictures
  }

  /**
   * Checks whether the input is there, as far as that can be known before somebody watches; logs a warning when it is
   * not.
   *
   * @throws {@link SourceError} with `exitOnEnd`, when it is not there.
   */
  async check(): Promise<void> {
    const missing = await this.#input.findMissing?.()
    if (!missing) return
    if (this.#options.exitOnEnd) throw missing
    this.#failure = missing
    this.#options.log?.warning(`${missing.message}; it is opened as soon as it is available`, missing)
  }

  /** The reason why there was never a picture although one was wanted; `undefined` once one came. */
  get failure(): unknown {
    return this.#failure
  }

  /**
   * @throws {@link SourceError} with `exitOnEnd` the error that ended the input, also when it ended without a picture;
   *   and when an input that cannot be opened again gave none. {@link ClosedError} when run twice.
   */
  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<Frame> {
    if (this.#started) throw new ClosedError(`the source "${this.#input.name}"`)
    this.#started = true
    const input = new InputDemand(demand, this.#options.sound)
    try {
      while (!signal.aborted) {
        if (!this.#options.eager) await input.demand.untilWanted(signal)
        if (signal.aborted) return
        const session = yield* this.#readOnce({ signal, demand }, input.demand)
        if (signal.aborted) return
        if (session.idle || session.needsSound) continue
        if (!(await this.#recover(session.failure, signal))) return
      }
    } finally {
      input.close()
    }
  }

  /** @param open - What the input is open for. */
  async *#readOnce({ signal, demand }: SourceRun, open: Demand): AsyncGenerator<Frame, LiveSession> {
    const { sound, log, lingerMs = DEFAULT_LINGER_MS } = this.#options
    const badPicture = (reason: string): void => this.#passOver(reason)
    const session = new LiveSession(this.#input, { demand: open, lingerMs, badPicture, sound, log, signal })
    this.#session = session
    try {
      yield* this.#frames(session, demand)
    } finally {
      this.#session = undefined
      this.#dropped += session.dropped
      this.#pictures += session.unwanted
    }
    return session
  }

  async *#frames(session: LiveSession, demand: Demand): AsyncGenerator<Frame> {
    for await (const timed of session.pictures()) {
      // It may be open for its sound.
      if (demand.wanted.size === 0) {
        this.#pictures++
        continue
      }
      const frames = await this.#encode(timed, demand.wanted)
      if (!frames) continue
      this.#pictures++
      this.#failure = undefined
      this.#retry.reset()
      this.#outage.end()
      yield* frames
    }
  }

  /** @returns True when the input should be opened again. */
  async #recover(failure: unknown, signal: AbortSignal): Promise<boolean> {
    const { name, once } = this.#input
    const { log, exitOnEnd, onEnd } = this.#options
    const hasEnded = `"${name}" has ended`
    if (this.#pictures === 0) {
      this.#failure = failure ?? new SourceError('ERR_SOURCE_FAILED', `${hasEnded} without a picture`)
      if (exitOnEnd || once) throw this.#failure
    }
    if (exitOnEnd) {
      if (failure) throw failure
      onEnd?.(hasEnded)
      return false
    }
    const sentence = failure ? errorMessage(failure) : hasEnded
    if (once) {
      const advice = `${sentence}; nothing more can come from it, and its last picture stays`
      if (failure) log?.error(advice, failure)
      else log?.warning(advice)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      return false
    }
    const delayMs = this.#retry.take()
    this.#outage.add(sentence, failure, delayMs)
    await pause(delayMs, signal)
    return true
  }

  #passOver(reason: string): void {
    this.#badPictures++
    const { name } = this.#input
    this.#options.log?.warning(
      `skipped a picture of "${name}": ${reason}`,
      undefined,
      `bad picture of ${name}`,
    )
  }

  /** Returns the wanted outputs, largest first; `undefined` when the picture is broken. */
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
      this.#passOver(errorMessage(error))
      return undefined
    }
  }

  /** @param smaller - The largest wanted rendition, when the picture itself is not wanted. */
  async #toJpeg(picture: CapturedPicture, smaller: string | undefined): Promise<SizedJpeg> {
    const { quality, width } = this.#options
    if ('jpeg' in picture) {
      const { jpeg: data, prepared } = picture
      return prepared ? { data, ...prepared } : prepareJpeg(data, { width, quality })
    }
    const { pixels, ...own } = picture
    const size = smaller === undefined ? undefined : renditionSize(own, smaller)
    const data = await encodeJpeg(pixels, own.width, own.height, quality ?? 80, size)
    return { data, ...(size ?? own) }
  }
}
