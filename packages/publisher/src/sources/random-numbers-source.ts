import { ClosedError, OptionError, Ticker, wallClock, type NumbersBlock } from '@zcast/shared'
import { createRandom } from './random.ts'
import type { Source, SourceRun } from './source.ts'

/** Options of {@link RandomNumbersSource}. */
export interface RandomNumbersOptions {
  /** Lowest value. Default 0. */
  readonly lower?: number | undefined
  /** Values are below this. Default 10,000. */
  readonly upper?: number | undefined
  /** Values in an array, 1 to 1,000,000. Default 6. */
  readonly count?: number | undefined
  /** Milliseconds between arrays; 0 sends as fast as the slowest subscriber takes them. Default 1000. */
  readonly intervalMs?: number | undefined
  /** Makes the run repeatable: the same seed gives the same numbers. Any safe integer. Default: another run each time. */
  readonly seed?: number | undefined
}

/** The longest array of numbers. */
export const MAX_COUNT = 1_000_000

/** Arrays of random numbers, uniform in [lower, upper), one in each interval. */
export class RandomNumbersSource implements Source {
  readonly kind = 'numbers'
  readonly expectedBytes: number
  readonly #options: { lower: number; upper: number; count: number; intervalMs: number }
  readonly #random: () => number
  #started = false

  /** @throws {@link OptionError} `ERR_OPTION` when an option is out of range. */
  constructor(options: RandomNumbersOptions = {}) {
    const { lower = 0, upper = 10_000, count = 6, intervalMs = 1000, seed } = options
    if (!Number.isFinite(lower) || !Number.isFinite(upper) || lower >= upper) {
      throw new OptionError(`lower must be below upper, got lower ${lower} and upper ${upper}`)
    }
    if (!Number.isFinite(upper - lower)) throw new OptionError('upper minus lower is too large for a number')
    if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) {
      throw new OptionError(`count must be a whole number from 1 to ${MAX_COUNT}, got ${count}`)
    }
    if (!(intervalMs >= 0 && Number.isFinite(intervalMs)))
      throw new OptionError(`interval must be 0 or more, got ${intervalMs}`)
    if (seed !== undefined && !Number.isSafeInteger(seed)) {
      throw new OptionError(`seed must be a whole number, got ${seed}`)
    }
    this.#options = { lower, upper, count, intervalMs }
    this.#random = seed === undefined ? Math.random : createRandom(seed)
    this.expectedBytes = count * 9 + 100
  }

  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<NumbersBlock> {
    if (this.#started) throw new ClosedError('this source of numbers')
    this.#started = true
    const { count, intervalMs } = this.#options
    const ticker = intervalMs > 0 ? new Ticker(1000 / intervalMs) : undefined
    while (!signal.aborted) {
      // As fast as possible for nobody would be a whole core for nothing.
      if (!ticker) await demand.untilWanted(signal)
      const time = ticker ? await ticker.next(signal) : wallClock()
      if (time === undefined) return
      yield { kind: 'numbers', time, rows: 1, columns: count, data: this.#draw() }
    }
  }

  #draw(): Float64Array {
    const { lower, upper, count } = this.#options
    const data = new Float64Array(count)
    for (let index = 0; index < count; index++) {
      const value = lower + this.#random() * (upper - lower)
      // The sum may be rounded up to the bound itself, which is excluded.
      data[index] = value < upper ? value : lower
    }
    return data
  }
}
