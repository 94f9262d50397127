import { wallClock } from '@zcast/shared'
import type { LineRow } from './line-row.ts'

/** A device's clock that falls back by more than this was started again. */
const RESTART_S = 1

/** Gives rows their time in seconds since the Unix epoch: their own, or that of their arrival. */
export class LineClock {
  #offset: number | undefined
  #before = 0

  /** The time of a row. Times that count from a device's start go on from the arrival of the first. */
  timeOf({ time, isElapsed }: LineRow): number {
    if (time === undefined) return wallClock()
    if (isElapsed !== true) return time
    if (this.#offset === undefined || time < this.#before - RESTART_S) this.#offset = wallClock() - time
    this.#before = time
    return time + this.#offset
  }
}
