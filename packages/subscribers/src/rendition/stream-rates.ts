import type { Frame } from '@zcast/shared'

/** What rates are taken over. */
const WINDOW_MS = 1500

/** Over less than this they say nothing. */
const LEAST_MS = 1000
const MAX_ARRIVALS = 128

interface Arrival {
  readonly seq: number
  readonly timeMs: number
  readonly atMs: number
}

/** How many pictures a second a topic has, and how many of them come, over the last second and a half. */
export class StreamRates {
  readonly #arrivals: Arrival[] = []

  /** A picture came. @param atMs - A monotonic time in milliseconds. */
  arrived({ seq, time }: Frame, atMs: number): void {
    const last = this.#arrivals.at(-1)
    if (seq === undefined || (last && seq <= last.seq)) return
    this.#arrivals.push({ seq, timeMs: time * 1000, atMs })
    // One from before the window stays: where they are rare, it is the interval that counts.
    while (this.#arrivals.length > 2 && atMs - (this.#arrivals[1] as Arrival).atMs >= WINDOW_MS)
      this.#arrivals.shift()
    if (this.#arrivals.length > MAX_ARRIVALS) this.#arrivals.shift()
  }

  /** Begins anew, as when a publisher has started again. */
  restart(): void {
    this.#arrivals.length = 0
  }

  /** Pictures a second; `undefined` while too little is known. */
  get reading(): { readonly wanted: number; readonly carried: number } | undefined {
    const [first, last] = [this.#arrivals[0], this.#arrivals.at(-1)]
    if (!first || !last || last.timeMs <= first.timeMs) return undefined
    const elapsedMs = last.atMs - first.atMs
    const isLong = elapsedMs >= LEAST_MS || (this.#arrivals.length === MAX_ARRIVALS && elapsedMs > 0)
    if (!isLong) return undefined
    return {
      wanted: ((last.seq - first.seq) / (last.timeMs - first.timeMs)) * 1000,
      carried: ((this.#arrivals.length - 1) / elapsedMs) * 1000,
    }
  }
}
