/** Median, 99th percentile and maximum of a set of latencies, in milliseconds. */
export interface LatencySummary {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

const BUCKETS_PER_OCTAVE = 32
const OCTAVES = 32
const MICROSECONDS_PER_MS = 1000

/**
 * A latency below this means that the two clocks differ: a message cannot arrive before it was sent. Two milliseconds
 * allow for the resolution of the clocks of two processes.
 */
const LEAST_PLAUSIBLE_MS = -2
const MOST_PLAUSIBLE_MS = 3_600_000

/** The time for which an impossible latency counts as evidence about the clocks. */
const JUDGED_MS = 1000

/**
 * Latencies in buckets of equal ratio: 1 microsecond to 1 hour in 1,024 buckets of 2.2%, so percentiles are accurate to
 * about 1%. The size is fixed, whatever is recorded.
 */
export class LatencyHistogram {
  readonly #buckets = new Float64Array(BUCKETS_PER_OCTAVE * OCTAVES)
  #count = 0
  /** The values of the current second and of the previous one: how many, and how many of them impossible. */
  #judged = { sinceMs: 0, count: 0, implausible: 0 }
  #judgedBefore = { count: 0, implausible: 0 }
  #maxMs = 0

  /**
   * Records a latency for a number of values.
   *
   * @param latencyMs - Milliseconds; values below -2 or above one hour count as a difference between clocks.
   * @param values - The number of values with this latency. Default 1.
   */
  record(latencyMs: number, values = 1): void {
    const isPlausible = latencyMs >= LEAST_PLAUSIBLE_MS && latencyMs <= MOST_PLAUSIBLE_MS
    this.#judge(values, isPlausible)
    if (!isPlausible) return
    const microseconds = latencyMs * MICROSECONDS_PER_MS
    const index = microseconds <= 1 ? 0 : Math.trunc(Math.log2(microseconds) * BUCKETS_PER_OCTAVE)
    const bucket = Math.min(index, this.#buckets.length - 1)
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + values
    this.#count += values
    if (latencyMs > this.#maxMs) this.#maxMs = latencyMs
  }

  /**
   * The latencies recorded since the last `reset`.
   *
   * @returns `null` when a latency would be meaningless: nothing was recorded, or {@link
   *   LatencyHistogram.clocksDiffer}.
   */
  summary(): LatencySummary | null {
    if (this.#count === 0 || this.clocksDiffer) return null
    return { p50: this.#percentile(0.5), p99: this.#percentile(0.99), max: roundMs(this.#maxMs) }
  }

  /**
   * True when the clocks of publisher and subscriber disagree: more than 1% of the latencies in the last second or two
   * with values are impossible. Once a clock has been corrected, earlier values no longer count.
   */
  get clocksDiffer(): boolean {
    const implausible = this.#judged.implausible + this.#judgedBefore.implausible
    return implausible * 100 > this.#judged.count + this.#judgedBefore.count
  }

  /** Forgets everything recorded. */
  reset(): void {
    this.#buckets.fill(0)
    this.#count = 0
    this.#judged = { sinceMs: 0, count: 0, implausible: 0 }
    this.#judgedBefore = { count: 0, implausible: 0 }
    this.#maxMs = 0
  }

  #judge(values: number, isPlausible: boolean): void {
    const nowMs = performance.now()
    if (nowMs - this.#judged.sinceMs > JUDGED_MS) {
      this.#judgedBefore = this.#judged
      this.#judged = { sinceMs: nowMs, count: 0, implausible: 0 }
    }
    this.#judged.count += values
    if (!isPlausible) this.#judged.implausible += values
  }

  #percentile(share: number): number {
    const target = this.#count * share
    let seen = 0
    for (let index = 0; index < this.#buckets.length; index++) {
      seen += this.#buckets[index] as number
      if (seen >= target) {
        const middleMs = 2 ** ((index + 0.5) / BUCKETS_PER_OCTAVE) / MICROSECONDS_PER_MS
        return roundMs(Math.min(middleMs, Math.max(this.#maxMs, 0.001)))
      }
    }
    return roundMs(this.#maxMs)
  }
}

function roundMs(milliseconds: number): number {
  return Math.round(Math.max(milliseconds, 0) * 1000) / 1000
}
