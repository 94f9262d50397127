import type { Frame } from '@zcast/shared'

/** The period over which rates are taken. */
const WINDOW_MS = 1500

/** Over a shorter period they mean nothing. */
const LEAST_MS = 1000
const MAX_ARRIVALS = 128

interface Arrival {
  readonly seq: number
  readonly timeMs: number
  readonly atMs: number
}

/** The number of pictures per second that a topic has, and that arrive, over the last second and a half. */
export class StreamRates {
  readonly #arrivals: Arrival[] = []

  /** Notes a picture. @param atMs - A monotonic time in milliseconds. */
  arrived({ seq, time }: Frame, atMs: number): void {
    const last = this.#arrivals.at(-1)
    if (seq === undefined || (last && seq <= last.seq)) return
    this.#arrivals.push({ seq, timeMs: time * 1000, atMs })
    // One arrival from before the period is kept: when pictures are rare, the interval counts.
    while (this.#arrivals.length > 2 && atMs - (this.#arrivals[1] as Arrival).atMs >= WINDOW_MS)
      this.#arrivals.shift()
    if (this.#arrivals.length > MAX_ARRIVALS) this.#arrivals.shift()
  }

  /** Starts again, for example when a publisher has restarted. */
  restart(): void {
    this.#arrivals.length = 0
  }

  /** Pictures per second; `undefined` while too little is known. */
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
