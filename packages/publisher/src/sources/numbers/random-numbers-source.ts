import {
  ClosedError,
  type NumbersBlock,
  OptionError,
  Ticker,
  type TopicShape,
  wallClock,
} from '@zcast/shared'
import { createRandom } from './random.ts'
import type { Source, SourceRun } from '../source.ts'

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

/**
 * Arrays of random numbers, uniform in [lower, upper), one in each interval.
 *
 * @example
 * ```ts
 * import { Publisher, RandomNumbersSource } from '@zcast/publisher'
 *
 * const source = new RandomNumbersSource({ count: 3, intervalMs: 10, seed: 1 })
 * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
 * await publisher.run(source, { stream: 'random', signal: AbortSignal.timeout(100) })
 * await publisher.close()
 * ```
 */
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

  get shape(): TopicShape {
    return { columns: this.#options.count }
  }

  async *blocks({ signal, demand, blockBytes = 0 }: SourceRun): AsyncGenerator<NumbersBlock> {
    if (this.#started) throw new ClosedError('this source of numbers')
    this.#started = true
    const { count, intervalMs } = this.#options
    if (intervalMs === 0) {
      const rows = Math.max(Math.floor(blockBytes / (count * Float64Array.BYTES_PER_ELEMENT)), 1)
      while (!signal.aborted) {
        // As fast as possible for nobody would be a whole core for nothing.
        await demand.untilWanted(signal)
        if (!signal.aborted) yield this.#drawRows(rows)
      }
      return
    }
    const ticker = new Ticker(1000 / intervalMs)
    for (;;) {
      const time = await ticker.next(signal)
      if (time === undefined) return
      yield { kind: 'numbers', time, rows: 1, columns: count, data: this.#draw(count) }
    }
  }

  /** Rows that are due as soon as they are drawn, one after the other. */
  #drawRows(rows: number): NumbersBlock {
    const { count } = this.#options
    const time = wallClock()
    const data = this.#draw(rows * count)
    if (rows === 1) return { kind: 'numbers', time, rows, columns: count, data }
    const interval = Math.max(wallClock() - time, 0) / rows
    return { kind: 'numbers', time, interval, rows, columns: count, data }
  }

  #draw(length: number): Float64Array {
    const { lower, upper } = this.#options
    const random = this.#random
    const range = upper - lower
    const data = new Float64Array(length)
    for (let index = 0; index < length; index++) {
      const value = lower + random() * range
      // The sum may be rounded up to the bound itself, which is excluded.
      data[index] = value < upper ? value : lower
    }
    return data
  }
}
