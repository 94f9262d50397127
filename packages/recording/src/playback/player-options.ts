import type { TickerClock } from '@zcast/shared/internal'
import type { RecordedBlock } from '@zcast/subscribers'

/** Options of a `Player`. */
export interface PlayerOptions {
  /** How many times faster than it was recorded, above 0; `Infinity` is as fast as possible. Default 1. */
  readonly speed?: number | undefined
  /** Seconds since the Unix epoch, included. Default: from the beginning. */
  readonly from?: number | undefined
  /** Seconds since the Unix epoch, included. Default: to the end. */
  readonly to?: number | undefined
  /** Whole names. Default: all topics. */
  readonly topics?: readonly string[] | undefined
  /** Begins again at the end. Default false. */
  readonly loop?: boolean | undefined
  /**
   * Leaves out what was recorded before `from`, which is otherwise shown first: the newest picture and numbers of that
   * moment. Default false.
   */
  readonly isExact?: boolean | undefined
  /**
   * Hands over rows of numbers that came one after the other, within 0.01 s, as one block while nothing waits, which takes
   * a quarter of the time. Default false: what came at different moments is handed over one by one.
   */
  readonly joinsRows?: boolean | undefined
  /** Waits at the beginning for its `step` or `resume`. Default false. */
  readonly isPaused?: boolean | undefined
  /** Default: the system's clocks. */
  readonly clock?: TickerClock
}

/** A value that is due. */
export interface PlayedBlock extends RecordedBlock {
  /** Seconds since the Unix epoch at which it is due now. */
  readonly dueAt: number
  /** How many times faster than it was recorded it is played; 1 where that does not say how far apart values are. */
  readonly speed: number
}

/** Takes a value; the next one waits for what it returns. */
export type TakePlayed = (played: PlayedBlock) => Promise<void> | void
