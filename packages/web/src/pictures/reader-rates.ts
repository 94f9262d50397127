import type { NetworkReading } from '@zcast/shared'

/** What rates are taken over. */
const WINDOW_MS = 3000
/** Arrivals that are looked at: no more than these, and these many however long ago they were. */
const MOST = 128
const LEAST = 4

/** A reader that gets so much of a stream gets it. */
const CARRIED = 0.9

/** Which picture it was. */
export interface PictureMark {
  /** As in `LivePicture`. */
  readonly number: number
  /** When it came here: a monotonic time. */
  readonly cameAtMs: number
}

/** How many pictures a second there are for a reader, and how many of them reach it. */
export class ReaderRates {
  readonly #arrivals: (PictureMark & { readonly atMs: number })[] = []

  /** The reader has a picture, newer than the one before; `atMs` is a monotonic time. */
  arrived(picture: PictureMark, atMs: number): void {
    this.#arrivals.push({ ...picture, atMs })
    const isOld = (): boolean =>
      this.#arrivals.length > LEAST && atMs - (this.#arrivals[0] as { atMs: number }).atMs > WINDOW_MS
    while (this.#arrivals.length > MOST || isOld()) this.#arrivals.shift()
  }

  /** Begins anew: what comes next does not follow what came last. */
  restart(): void {
    this.#arrivals.length = 0
  }

  /** What is wanted and carried; `undefined` while too little is known. */
  get rates(): NetworkReading | undefined {
    const [first, last] = [this.#arrivals[0], this.#arrivals.at(-1)]
    if (!first || !last || last.atMs - first.atMs < WINDOW_MS / 3) return undefined
    const wanted = ((last.number - first.number) / (last.cameAtMs - first.cameAtMs)) * 1000
    const carried = ((this.#arrivals.length - 1) / (last.atMs - first.atMs)) * 1000
    return { wanted: tenths(wanted), carried: tenths(carried) }
  }

  /** The same, where less is carried than is wanted. */
  get reading(): NetworkReading | undefined {
    const { rates } = this
    return rates && rates.carried < rates.wanted * CARRIED ? rates : undefined
  }
}

function tenths(rate: number): number {
  return Math.round(rate * 10) / 10
}
