import { type Log, OptionError, wallClock } from '@zcast/shared'
import { pause } from '@zcast/shared/internal'
import type { LineRow } from './line-row.ts'

/** How fast a file of numbers is played. */
export interface Pace {
  /** Milliseconds between rows, whatever their times are; 0 is as fast as possible. Default: the rows' own times, else a second. */
  readonly intervalMs?: number | undefined
  /** How many times faster than it was recorded, where rows have times. Default 1. */
  readonly speed?: number | undefined
}

const DEFAULT_INTERVAL_S = 1

/** A timer is no more exact than this. */
const SHORTEST_WAIT_S = 0.001

/** A wait of this length looks like a standstill, and is worth a word. */
const WORTH_A_WORD_S = 30

/** Gives each row of a file the moment at which it is due. */
export class RowPacer {
  readonly #pace: Pace
  readonly #log: Log | undefined
  #due: number | undefined
  #before: number | undefined

  /** @throws {@link OptionError} `ERR_OPTION` when the speed is not above 0. */
  constructor(pace: Pace, log?: Log) {
    const { speed = 1 } = pace
    if (!(speed > 0 && Number.isFinite(speed))) throw new OptionError(`speed must be above 0, got ${speed}`)
    this.#pace = pace
    this.#log = log
  }

  /** Waits until a row is due. @returns When that is, in seconds since the Unix epoch. */
  async untilDue(row: LineRow, signal: AbortSignal): Promise<number> {
    const now = wallClock()
    if (this.#pace.intervalMs === 0) return now
    const due = this.#due === undefined ? now : this.#due + this.#step(row)
    this.#due = due
    this.#before = row.time ?? this.#before
    const left = due - now
    if (left >= WORTH_A_WORD_S)
      this.#log?.warning(
        `the next row comes in ${Math.round(left)} s: with --speed or --interval it comes earlier`,
        undefined,
        'gap',
      )
    if (left >= SHORTEST_WAIT_S) await pause(left * 1000, signal)
    return due
  }

  #step({ time }: LineRow): number {
    const { intervalMs, speed = 1 } = this.#pace
    if (intervalMs !== undefined) return intervalMs / 1000
    if (time === undefined || this.#before === undefined) return DEFAULT_INTERVAL_S / speed
    // Times that go back belong to another recording behind this one.
    return Math.max(time - this.#before, 0) / speed
  }
}
