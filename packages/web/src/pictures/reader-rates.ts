import type { NetworkReading } from '@zcast/shared'

/** What rates are taken over. */
const WINDOW_MS = 3000
/** Arrivals that are looked at: no more than these, and these many however long ago they were. */
const MOST = 128
const LEAST = 4

/** A reader that gets so much of a stream gets it. */
const CARRIED = 0.9

/** How many pictures a second there are for a reader, and how many of them reach it. */
export class ReaderRates {
  readonly #arrivals: { readonly number: number; readonly atMs: number }[] = []

  /** The reader has a picture: `number` as in `LivePicture`, higher each time; `atMs` a monotonic time. */
  arrived(number: number, atMs: number): void {
    this.#arrivals.push({ number, atMs })
    const isOld = (): boolean =>
      this.#arrivals.length > LEAST && atMs - (this.#arrivals[0] as { atMs: number }).atMs > WINDOW_MS
    while (this.#arrivals.length > MOST || isOld()) this.#arrivals.shift()
  }

  /** Begins anew: what comes next does not follow what came last. */
  restart(): void {
    this.#arrivals.length = 0
  }

  /** What is wanted and carried, where it is less. */
  get reading(): NetworkReading | undefined {
    const [first, last] = [this.#arrivals[0], this.#arrivals.at(-1)]
    if (!first || !last || last.atMs - first.atMs < WINDOW_MS / 3) return undefined
    const seconds = (last.atMs - first.atMs) / 1000
    const wanted = (last.number - first.number) / seconds
    const carried = (this.#arrivals.length - 1) / seconds
    return carried < wanted * CARRIED ? { wanted: tenths(wanted), carried: tenths(carried) } : undefined
  }
}

function tenths(rate: number): number {
  return Math.round(rate * 10) / 10
}
