import { type Demand, type Frame, type Log, SourceError, wallClock } from '@zcast/shared'
import { pause } from '@zcast/shared/internal'
import type { Source, SourceRun } from '@zcast/publisher'
import type { ClipPicture } from '@zcast/publisher/video'
import { inTime } from './in-time.ts'
import { changeOf } from './change-of.ts'
import { LivePictureFeed } from './live-picture-feed.ts'
import type { FilmReel, LiveReel } from './reel.ts'
import type { ScreenState, Showing } from './screen-state.ts'

/** Who comes while it plays is shown what is on then: so long may it take to get there. */
const CATCH_UP_MS = 3000
/** Pictures that end so much before the film does were cut off, if it has no sound. */
const CUT_OFF_SECONDS = 1
/** Timers count in whole milliseconds: the nearest one is at most this late or early. */
const EARLY_SECONDS = 0.0005
/** What is later is passed over, as long as {@link LEAST_A_SECOND} are shown. */
const LATE_SECONDS = 0.1
const LEAST_A_SECOND = 4
/** When pictures are later, the clock waits for them. */
const LATEST_SECONDS = 1
/** A picture that stands still is sent again so often, for whoever missed it. */
const STILL_MS = 2000
/** A live stream of which nothing comes for so long is said to be quiet. */
const QUIET_MS = 5000
/** So little is caught up with rather than passed over. */
const SOON_SECONDS = 0.5
/** A picture of a film that takes longer does not come at all. */
const LONGEST_MS = 10_000
/** Before what failed is tried again. */
const RETRY_MS = 200
/** Two megapixels at quality 80; of others the queues hold fewer, or more. */
const EXPECTED_BYTES = 512 * 1024

/**
 * The pictures of the screen, `video/<room>`, as long as the room: each when the screen's clock has come to it. While
 * nobody watches nothing is decoded; who comes back is shown what is on at that moment.
 */
export class ScreenPictures implements Source {
  readonly kind = 'video'
  readonly expectedBytes = EXPECTED_BYTES
  readonly resumesWithinMs = CATCH_UP_MS
  readonly #state: ScreenState
  readonly #log: Log
  #last: Frame | undefined
  #sentAtMs = 0

  constructor(state: ScreenState, log: Log) {
    this.#state = state
    this.#log = log
  }

  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<Frame> {
    const tell = (): void => this.#state.setWanted('pictures', demand.wanted.size > 0)
    const stopTelling = demand.onChange(tell)
    tell()
    try {
      while (!signal.aborted) {
        await demand.untilWanted(signal)
        const { showing } = this.#state
        if (!showing) await this.#state.changed(signal)
        else if (!signal.aborted) yield* this.#show(showing, signal, demand)
      }
    } finally {
      stopTelling()
    }
  }

  /** Shows something until something else is shown, or nobody watches any more. */
  async *#show(showing: Showing, signal: AbortSignal, demand: Demand): AsyncGenerator<Frame> {
    const stop = new AbortController()
    let isShown = false
    const check = (): void => {
      const isOther = showing.signal.aborted && (isShown || this.#state.reel !== showing.reel)
      if (signal.aborted || demand.wanted.size === 0 || isOther) stop.abort()
    }
    const unwatch = demand.onChange(check)
    signal.addEventListener('abort', check)
    showing.signal.addEventListener('abort', check)
    check()
    try {
      for await (const frame of this.#read(showing, stop.signal)) {
        yield this.#sent(frame)
        if (!isShown) this.#state.arrived('pictures', showing)
        isShown = true
        check()
        if (stop.signal.aborted) return
      }
      yield* this.#standStill(stop.signal)
    } catch (error) {
      if (stop.signal.aborted || showing.signal.aborted) return
      if (!(error instanceof SourceError)) throw error
      const { reel } = showing
      const sentence = reel.kind === 'film' ? reel.fail(error) : error.message
      if (this.#state.failed(showing, sentence)) this.#log.warning(sentence, error, 'screen')
      else await pause(RETRY_MS, stop.signal)
    } finally {
      unwatch()
      signal.removeEventListener('abort', check)
      showing.signal.removeEventListener('abort', check)
      stop.abort()
    }
  }

  #read(showing: Showing, signal: AbortSignal): AsyncGenerator<Frame> {
    const { reel } = showing
    return reel.kind === 'film'
      ? this.#readFilm(showing, reel, signal)
      : this.#readLive(showing, reel, signal)
  }

  /** The pictures of a live stream as they come, while it plays. */
  async *#readLive(showing: Showing, reel: LiveReel, signal: AbortSignal): AsyncGenerator<Frame> {
    const pictures = new LivePictureFeed(await reel.open('video'))
    const follow = (): void => pictures.follow(this.#state.isPlaying)
    const stopFollowing = this.#state.onChange(follow)
    const began = performance.now()
    try {
      follow()
      while (!signal.aborted) {
        const frame = await pictures.next(STILL_MS, signal)
        if (frame) {
          this.#state.setProblem(showing, undefined)
          yield frame
          continue
        }
        const quietMs = performance.now() - Math.max(began, pictures.cameAtMs ?? began)
        if (this.#state.isPlaying && quietMs > QUIET_MS)
          this.#state.setProblem(showing, `nothing comes from ${reel.name} at the moment`)
        if (pictures.cameAtMs !== undefined && this.#last) yield { ...this.#last, time: wallClock() }
      }
    } finally {
      stopFollowing()
      await pictures.close()
    }
  }

  /** The pictures of a film as they are due; the first one of a place where the clock waits for it at once. */
  async *#readFilm(showing: Showing, reel: FilmReel, signal: AbortSignal): AsyncGenerator<Frame> {
    const { clock } = this.#state
    const film = await reel.openPictures()
    const beganMs = performance.now()
    let isFirst = true
    let isCatchingUp = clock.isRunning
    let end = 0
    // From the very begin on the pictures can be kept.
    const from = clock.isRunning && clock.position < SOON_SECONDS ? 0 : clock.position
    const open = (until: AbortSignal): AsyncGenerator<ClipPicture> =>
      film.pictures({ from, keep: reel.isKept, signal: until })
    for await (const picture of inTime(open, { name: reel.name, longestMs: LONGEST_MS, signal })) {
      if (!isFirst) yield* this.#standStill(signal, picture.at)
      if (signal.aborted) return
      end = picture.at + 1 / film.framesPerSecond
      const late = isFirst && !clock.isRunning ? 0 : -(clock.secondsUntil(picture.at) ?? 0)
      isCatchingUp &&= late > LATE_SECONDS && performance.now() - beganMs < CATCH_UP_MS
      const isSoon = performance.now() - Math.max(beganMs, this.#sentAtMs) < 1000 / LEAST_A_SECOND
      if (clock.isRunning && late > LATEST_SECONDS && !isCatchingUp) this.#state.fallBack(picture.at)
      else if (late > LATE_SECONDS && (isSoon || !clock.isRunning)) continue
      yield frameOf(picture, clock.timeOf(clock.isRunning ? picture.at : clock.position))
      isFirst = false
    }
    if (signal.aborted) return
    if (end === 0)
      throw new SourceError('ERR_SOURCE_FAILED', `"${reel.name}" has no pictures there: choose another place`)
    yield* this.#standStill(signal, endOf(reel, end))
    if (!signal.aborted) this.#state.ended(showing)
  }

  /** Repeats the last picture now and then, until a place is due. Default: for ever. */
  async *#standStill(signal: AbortSignal, place = Infinity): AsyncGenerator<Frame> {
    const { clock } = this.#state
    while (!signal.aborted) {
      const left = clock.secondsUntil(place) ?? Infinity
      if (left <= EARLY_SECONDS) return
      const stillMs = this.#sentAtMs + STILL_MS - performance.now()
      if (stillMs <= 0 && this.#last) yield this.#sent({ ...this.#last, time: clock.timeOf(clock.position) })
      else await changeOf(clock, Math.max(1, Math.min(stillMs, (left - EARLY_SECONDS) * 1000)), signal)
    }
  }

  #sent(frame: Frame): Frame {
    this.#last = frame
    this.#sentAtMs = performance.now()
    return frame
  }
}

function frameOf({ width, height, data }: ClipPicture, time: number): Frame {
  return { kind: 'video', time, width, height, format: 'jpeg', data }
}

/** Where a film ends whose pictures end at a place; Infinity where its clock says so. */
function endOf({ seconds, hasSound }: FilmReel, end: number): number {
  if (seconds === undefined) return end
  return !hasSound && seconds - end > CUT_OFF_SECONDS ? end : Infinity
}
