import type { NetworkReading } from '@zcast/shared'

/** The period over which rates are taken. */
const WINDOW_MS = 3000
/** The arrivals used for the rates: no more than these, and this many however long ago they were. */
const MOST = 128
const LEAST = 4

/** A reader that gets this share of a stream counts as fast enough. */
const CARRIED = 0.9

/** Identifies a picture. */
export interface PictureMark {
  /** As in `LivePicture`. */
  readonly number: number
  /** The time when it arrived here: a monotonic time. */
  readonly cameAtMs: number
}

/** The number of pictures per second that are available for a reader, and that reach it. */
export class ReaderRates {
  readonly #arrivals: (PictureMark & { readonly atMs: number })[] = []

  /** Notes that the reader has a picture, newer than the previous one; `atMs` is a monotonic time. */
  arrived(picture: PictureMark, atMs: number): void {
    this.#arrivals.push({ ...picture, atMs })
    const isOld = (): boolean =>
      this.#arrivals.length > LEAST && atMs - (this.#arrivals[0] as { atMs: number }).atMs > WINDOW_MS
    while (this.#arrivals.length > MOST || isOld()) this.#arrivals.shift()
  }

  /** Starts again: the next picture does not follow the last one. */
  restart(): void {
    this.#arrivals.length = 0
  }

  /** The available and the arriving rate; `undefined` while too little is known. */
  get rates(): NetworkReading | undefined {
    const [first, last] = [this.#arrivals[0], this.#arrivals.at(-1)]
    if (!first || !last || last.atMs - first.atMs < WINDOW_MS / 3) return undefined
    const wanted = ((last.number - first.number) / (last.cameAtMs - first.cameAtMs)) * 1000
    const carried = ((this.#arrivals.length - 1) / (last.atMs - first.atMs)) * 1000
    return { wanted: tenths(wanted), carried: tenths(carried) }
  }

  /** The same, when fewer arrive than are available. */
  get reading(): NetworkReading | undefined {
    const { rates } = this
    return rates && rates.carried < rates.wanted * CARRIED ? rates : undefined
  }
}

function tenths(rate: number): number {
  return Math.round(rate * 10) / 10
}
