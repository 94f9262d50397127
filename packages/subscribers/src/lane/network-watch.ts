import type { NetworkReading } from '@zcast/shared'

/** An arrival of a picture. */
export interface Arrival {
  readonly seq: number
  /** The time in its header, in milliseconds. */
  readonly timeMs: number
  /** The time of arrival, in milliseconds, by this machine's clock. */
  readonly atMs: number
}

/** The period over which rates are taken, and the largest number of arrivals. */
const WINDOW_MS = 3000
const MAX_ARRIVALS = 128

/** The smallest age is that of the last 30 to 60 s. */
const FORGET_AFTER_MS = 30_000

/**
 * A picture is late when it is older than the smallest recent age by this much, but never when it is less than this
 * many intervals behind.
 */
const LATE_MS = 100
const LATE_INTERVALS = 2.5

/**
 * This many arrivals in a row, each later than the previous one, are no accident; a clock that was set causes only one.
 */
const IN_A_ROW = 3

/** The period in which a missed picture counts as recent. */
const LATELY_MS = 1500

/** A network that carries this share of a stream counts as fast enough. */
const CARRIED = 0.9

/**
 * Tells whether the network slows down a stream: pictures become older and older, or are old with some of them missing.
 * Only differences of ages count, so the clocks may differ; and no single difference does, so they may be set.
 */
export class NetworkWatch {
  readonly #arrivals: Arrival[] = []
  #leastMs = Number.POSITIVE_INFINITY
  #leastBeforeMs = Number.POSITIVE_INFINITY
  #leastSinceMs = Number.NEGATIVE_INFINITY
  #missedAtMs = Number.NEGATIVE_INFINITY

  /** Notes a new picture. */
  arrived(arrival: Arrival): void {
    const { atMs, seq } = arrival
    const last = this.#arrivals.at(-1)
    if (last && seq <= last.seq) return
    if (last && seq > last.seq + 1) this.#missedAtMs = atMs
    this.#arrivals.push(arrival)
    while (this.#isTooMany(atMs)) this.#arrivals.shift()
    if (atMs - this.#leastSinceMs > FORGET_AFTER_MS) {
      this.#leastBeforeMs = this.#leastMs
      this.#leastMs = Number.POSITIVE_INFINITY
      this.#leastSinceMs = atMs
    }
    this.#leastMs = Math.min(this.#leastMs, ageOf(arrival))
  }

  /** True when a picture directly follows the newest. */
  isNext(seq: number): boolean {
    return this.#arrivals.at(-1)?.seq === seq - 1
  }

  /** Starts again, for example when a publisher has restarted. The smallest age is kept. */
  restart(): void {
    this.#arrivals.length = 0
    this.#missedAtMs = Number.NEGATIVE_INFINITY
  }

  /** True when pictures come late, and later, or late with some missing. */
  get isSlow(): boolean {
    // Mostly the newest is not late.
    if (this.isFresh) return false
    const newest = this.#arrivals.slice(-IN_A_ROW - 1)
    if (newest.length <= IN_A_ROW) return false
    if (!newest.slice(1).every((arrival) => this.#isLate(arrival))) return false
    const { atMs } = newest.at(-1) as Arrival
    return atMs - this.#missedAtMs <= LATELY_MS || this.#isRising(newest)
  }

  /** True when the newest picture is not older than other recent ones. */
  get isFresh(): boolean {
    const newest = this.#arrivals.at(-1)
    return newest !== undefined && !this.#isLate(newest)
  }

  /** The wanted and the carried rate over the last three seconds, when less is carried than wanted. */
  get reading(): NetworkReading | undefined {
    const [first, last] = [this.#arrivals[0], this.#arrivals.at(-1)]
    if (!first || !last || last.atMs - first.atMs < WINDOW_MS / 3 || last.timeMs <= first.timeMs)
      return undefined
    const wanted = ((last.seq - first.seq) / (last.timeMs - first.timeMs)) * 1000
    const carried = ((this.#arrivals.length - 1) / (last.atMs - first.atMs)) * 1000
    return carried < wanted * CARRIED ? { wanted: tenths(wanted), carried: tenths(carried) } : undefined
  }

  /** Arrivals that show that the network is slow are kept, however slow it is. */
  #isTooMany(nowMs: number): boolean {
    const { length } = this.#arrivals
    if (length <= IN_A_ROW + 1) return false
    return length > MAX_ARRIVALS || nowMs - (this.#arrivals[0] as Arrival).atMs > WINDOW_MS
  }

  #isLate(arrival: Arrival): boolean {
    const least = Math.min(this.#leastMs, this.#leastBeforeMs)
    return ageOf(arrival) - least > Math.max(LATE_MS, LATE_INTERVALS * this.#intervalMs)
  }

  #isRising(arrivals: readonly Arrival[]): boolean {
    const step = 0.2 * this.#intervalMs
    return arrivals.every(
      (arrival, index) => index === 0 || ageOf(arrival) - ageOf(arrivals[index - 1] as Arrival) > step,
    )
  }

  get #intervalMs(): number {
    const [first, last] = [this.#arrivals[0], this.#arrivals.at(-1)]
    return first && last && last.seq > first.seq ? (last.timeMs - first.timeMs) / (last.seq - first.seq) : 0
  }
}

function ageOf({ atMs, timeMs }: Arrival): number {
  return atMs - timeMs
}

function tenths(rate: number): number {
  return Math.round(rate * 10) / 10
}
