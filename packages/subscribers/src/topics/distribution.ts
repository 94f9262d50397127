/** How some figures are distributed. */
export interface DistributionSummary {
  /** The number of figures. */
  readonly count: number
  readonly mean: number
  readonly min: number
  readonly max: number
  /** The standard deviation. */
  readonly deviation: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
}

/** Figures kept of each second for percentiles; where there were more, a random sample of them. */
const MAX_SAMPLES = 256

/**
 * The figures of one second: their number, mean, least, greatest and deviation exactly, and a sample of them for
 * percentiles. Memory does not grow with their number.
 */
export class Distribution {
  #count = 0
  #mean = 0
  #squares = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY
  #recorded = 0
  readonly #samples: number[] = []

  get count(): number {
    return this.#count
  }

  get sum(): number {
    return this.#mean * this.#count
  }

  get max(): number {
    return this.#max
  }

  /** Adds a figure, `times` times. */
  add(figure: number, times = 1): void {
    this.#merge(times, figure, 0, figure, figure)
    this.#recorded += 1
    if (this.#samples.length < MAX_SAMPLES) {
      this.#samples.push(figure)
      return
    }
    // Each figure has the same chance to be among the sample.
    const place = Math.floor(Math.random() * this.#recorded)
    if (place < MAX_SAMPLES) this.#samples[place] = figure
  }

  /**
   * Sums up several seconds.
   *
   * @returns `undefined` when there are no figures.
   */
  static summarize(distributions: readonly Distribution[]): DistributionSummary | undefined {
    const all = new Distribution()
    for (const one of distributions)
      if (one.#count > 0) all.#merge(one.#count, one.#mean, one.#squares, one.#min, one.#max)
    if (all.#count === 0) return undefined
    const [p50 = 0, p90 = 0, p99 = 0] = percentiles(distributions.flatMap(weighted), [0.5, 0.9, 0.99])
    const deviation = Math.sqrt(Math.max(all.#squares, 0) / all.#count)
    return { count: all.#count, mean: all.#mean, min: all.#min, max: all.#max, deviation, p50, p90, p99 }
  }

  /**
   * Counts the figures of several seconds between some bounds.
   *
   * @param bounds - Ascending.
   * @returns For each bound the figures below it and not below the one before, and at the end the rest; estimated from
   *   the samples where there are more figures than samples.
   */
  static histogram(distributions: readonly Distribution[], bounds: readonly number[]): number[] {
    const counts = Array.from({ length: bounds.length + 1 }, () => 0)
    for (const [figure, weight] of distributions.flatMap(weighted)) {
      const above = bounds.findIndex((bound) => figure < bound)
      const place = above === -1 ? bounds.length : above
      counts[place] = (counts[place] ?? 0) + weight
    }
    return counts.map(Math.round)
  }

  /** By the method of Chan and others, which does not lose the deviation of large figures. */
  #merge(count: number, mean: number, squares: number, min: number, max: number): void {
    const total = this.#count + count
    const apart = mean - this.#mean
    this.#squares += squares + (apart * apart * this.#count * count) / total
    this.#mean += (apart * count) / total
    this.#count = total
    if (min < this.#min) this.#min = min
    if (max > this.#max) this.#max = max
  }

  /** The samples, and how many figures each stands for. */
  get samples(): readonly number[] {
    return this.#samples
  }
}

type Weighted = readonly [figure: number, weight: number]

function weighted(distribution: Distribution): Weighted[] {
  const { samples, count } = distribution
  return samples.map((figure) => [figure, count / samples.length])
}

function percentiles(figures: Weighted[], shares: readonly number[]): number[] {
  figures.sort(([a], [b]) => a - b)
  const total = figures.reduce((sum, [, weight]) => sum + weight, 0)
  return shares.map((share) => {
    let seen = 0
    for (const [figure, weight] of figures) {
      seen += weight
      // Sums of fractions fall short of the whole by rounding.
      if (seen >= share * total - 1e-6) return figure
    }
    return figures.at(-1)?.[0] ?? 0
  })
}
