import type { Sighting, TopicAccount } from '@zcast/subscribers/topics'

/** Intervals kept of a stream; further ones are left out. */
const MAX_INTERVALS = 20_000

/** A silence that no busy machine explains, and how much longer than usual it is. */
const GAP_MS = 150
const GAP_FACTOR = 3

/** Messages without which nothing is said about what is usual. */
const LEAST_INTERVALS = 8

/** Delays at the beginning and at the end are compared over so long. */
const EDGE_MS = 1000

/** Silences in a stream. */
export interface Gaps {
  readonly count: number
  readonly longestMs: number
  /** The interval that is usual. */
  readonly usualMs: number
}

/** Measures how evenly a stream was made, and how evenly it came. */
export class StreamMeasure {
  readonly #arrivals: number[] = []
  readonly #captures: number[] = []
  #before: Sighting | undefined
  #firstAtMs: number | undefined
  #lastAtMs = 0
  #bytes = 0
  #firstDelayMs = Number.POSITIVE_INFINITY
  /** The shortest delay in each half second, of the last few. */
  readonly #lateDelays: { readonly atMs: number; delayMs: number }[] = []
  account: TopicAccount | undefined

  /** Takes a message. @param nowMs - A monotonic time. @param time - The clock here, in seconds. */
  take(sighting: Sighting, account: TopicAccount, nowMs: number, time: number): void {
    this.account = account
    if (sighting.retained) return
    const before = this.#before
    this.#before = sighting
    if (before) {
      if (this.#arrivals.length < MAX_INTERVALS) this.#arrivals.push(nowMs - this.#lastAtMs)
      this.#takeCapture(before, sighting)
      this.#bytes += sighting.bytes
    }
    this.#firstAtMs ??= nowMs
    this.#lastAtMs = nowMs
    if (sighting.time !== undefined) this.#takeDelay((time - sighting.time) * 1000, nowMs)
  }

  /** Bytes a second that came; `undefined` before the second message. */
  get carried(): number | undefined {
    const spanMs = this.spanMs
    return spanMs > 0 ? (this.#bytes * 1000) / spanMs : undefined
  }

  /** From the first message to the last, in milliseconds. */
  get spanMs(): number {
    return this.#lastAtMs - (this.#firstAtMs ?? this.#lastAtMs)
  }

  /** By how much delays have grown from the beginning to the end, in milliseconds. */
  get delayGrowthMs(): number {
    const late = Math.min(...this.#lateDelays.map(({ delayMs }) => delayMs))
    const growth = late - this.#firstDelayMs
    return this.spanMs > 2 * EDGE_MS && Number.isFinite(growth) ? growth : 0
  }

  /** Silences in how values were made, by the time that they carry; `undefined` where they carry none. */
  get captureGaps(): Gaps | undefined {
    return this.#captures.length < LEAST_INTERVALS ? undefined : findGaps(this.#captures)
  }

  /** Silences in how messages came. */
  get arrivalGaps(): Gaps | undefined {
    return this.#arrivals.length < LEAST_INTERVALS ? undefined : findGaps(this.#arrivals)
  }

  /** How many of the messages that were missing in silences came at once after them: all where the way was blocked. */
  get caughtUp(): number {
    const usual = median(this.#arrivals)
    let [missing, burst] = [0, 0]
    for (const [index, interval] of this.#arrivals.entries()) {
      if (!isGap(interval, usual)) continue
      const expected = Math.round(interval / usual) - 1
      const after = this.#arrivals.slice(index + 1, index + 1 + expected)
      missing += expected
      burst += after.filter((next) => next < usual / 2).length
    }
    return missing === 0 ? 0 : burst / missing
  }

  #takeCapture(before: Sighting, now: Sighting): void {
    if (before.time === undefined || now.time === undefined || before.epoch !== now.epoch) return
    // What lies between values that are not neighbours was lost on the way, and not left out where they were made.
    if (before.seq === undefined || now.seq !== before.seq + before.values) return
    if (this.#captures.length < MAX_INTERVALS) this.#captures.push((now.time - before.time) * 1000)
  }

  #takeDelay(delayMs: number, nowMs: number): void {
    const firstAtMs = this.#firstAtMs ?? nowMs
    if (nowMs - firstAtMs <= EDGE_MS) this.#firstDelayMs = Math.min(this.#firstDelayMs, delayMs)
    const newest = this.#lateDelays.at(-1)
    if (newest && nowMs - newest.atMs < EDGE_MS / 2) newest.delayMs = Math.min(newest.delayMs, delayMs)
    else this.#lateDelays.push({ atMs: nowMs, delayMs })
    while (nowMs - (this.#lateDelays[0]?.atMs ?? nowMs) > EDGE_MS) this.#lateDelays.shift()
  }
}

function findGaps(intervals: readonly number[]): Gaps {
  const usualMs = median(intervals)
  const gaps = intervals.filter((interval) => isGap(interval, usualMs))
  return { count: gaps.length, longestMs: Math.max(0, ...gaps), usualMs }
}

function isGap(intervalMs: number, usualMs: number): boolean {
  return intervalMs > Math.max(GAP_FACTOR * usualMs, usualMs + GAP_MS)
}

function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0
}
