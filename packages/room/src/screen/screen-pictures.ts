import { type Demand, type Frame, SourceError } from '@zcast/shared'
import { pause } from '@zcast/shared/internal'
import type { Source, SourceRun } from '@zcast/publisher'
import type { ClipPicture } from '@zcast/publisher/video'
import { changeOf } from './change-of.ts'
import type { FilmReel } from './reel.ts'
import type { ScreenState, Showing } from './screen-state.ts'

/** Timers count in whole milliseconds: the nearest one is at most this late or early. */
const EARLY_SECONDS = 0.0005
/** What is later is passed over, as long as {@link LEAST_A_SECOND} are shown. */
const LATE_SECONDS = 0.1
const LEAST_A_SECOND = 4
/** When pictures are later, the clock waits for them. */
const LATEST_SECONDS = 1
/** A picture that stands still is sent again so often, for whoever missed it. */
const STILL_MS = 2000
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
  readonly #state: ScreenState
  #last: Frame | undefined
  #sentAtMs = 0

  constructor(state: ScreenState) {
    this.#state = state
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
      for await (const frame of this.#readFilm(showing.reel, stop.signal)) {
        yield this.#sent(frame)
        if (!isShown) this.#state.arrived('pictures', showing)
        isShown = true
        check()
        if (stop.signal.aborted) return
      }
      this.#end(showing)
      yield* this.#standStill(stop.signal)
    } catch (error) {
      if (stop.signal.aborted || showing.signal.aborted) return
      if (!(error instanceof SourceError)) throw error
      if (!this.#state.failed(showing, showing.reel.fail(error))) await pause(RETRY_MS, stop.signal)
    } finally {
      unwatch()
      signal.removeEventListener('abort', check)
      showing.signal.removeEventListener('abort', check)
      stop.abort()
    }
  }

  /** The pictures of a film as they are due, the first of them at once. */
  async *#readFilm(reel: FilmReel, signal: AbortSignal): AsyncGenerator<Frame> {
    const { clock } = this.#state
    const film = await reel.openPictures()
    const from = clock.position
    let isFirst = true
    for await (const picture of film.pictures({ from, keep: true, signal })) {
      if (!isFirst) {
        yield* this.#standStill(signal, picture.at)
        if (signal.aborted) return
        const late = -(clock.secondsUntil(picture.at) ?? 0)
        if (late > LATEST_SECONDS) this.#state.fallBack(picture.at)
        else if (late > LATE_SECONDS && performance.now() - this.#sentAtMs < 1000 / LEAST_A_SECOND) continue
      }
      yield frameOf(picture, clock.timeOf(isFirst ? clock.position : picture.at))
      isFirst = false
    }
    if (isFirst && !signal.aborted)
      throw new SourceError('ERR_SOURCE_FAILED', `"${reel.name}" has no pictures there: choose another place`)
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

  /** A film that has no sound, or of unknown length, ends with its pictures; any other by the clock. */
  #end(showing: Showing): void {
    const { seconds, hasSound } = showing.reel
    if (seconds === undefined || !hasSound) this.#state.ended(showing)
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
