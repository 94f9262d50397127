import type { Envelope } from '@zcast/shared'

/** What came at one moment of the past. */
export interface RecordedBlock {
  /** Seconds since the Unix epoch at which its first value came. */
  readonly recordedAt: number
  /** The same of its last value, where rows that came later were joined. Default: the moment of the first. */
  readonly recordedUntil?: number | undefined
  /** As it came, with its epoch, numbers and times. Rows of numbers that belong together are one block. */
  readonly envelope: Envelope
  /** True for what {@link History.latest} has of the time before the beginning, such as what a file begins with. */
  readonly isRetained?: boolean | undefined
}

/** What is asked of a {@link History}. */
export interface HistoryRange {
  /** Whole names. Default: all topics. */
  readonly topics?: readonly string[] | undefined
  /** Seconds since the Unix epoch, included. Default: from the beginning. */
  readonly from?: number | undefined
  /** Seconds since the Unix epoch, included. Default: to the end. */
  readonly to?: number | undefined
  /**
   * Rows of numbers that came within so many seconds may be one block; 0 for those that came at the same moment. Default
   * 0.01.
   */
  readonly joinSeconds?: number | undefined
}

/** A topic of a {@link History}, of zcast or of another program. */
export interface RecordedTopic {
  readonly topic: string
  /** What its messages are, such as `zcast.Numbers`; empty when that is not known. */
  readonly schema: string
  readonly messages: number
}

/** Values that are missing. */
export interface LossNote {
  readonly topic: string
  readonly epoch: number
  /** The number of the first of them. */
  readonly first: number
  readonly count: number
  /** Seconds since the Unix epoch at which the value after them came. */
  readonly time: number
}

/** A line of the error log. */
export interface RecordedLine {
  /** Seconds since the Unix epoch. */
  readonly time: number
  /** The whole line, as it is in the log. */
  readonly line: string
}

/**
 * What came before now, to be looked at again: a recording of one file or several, or the ring that a page keeps. What
 * is kept at the time of a call is read; a ring may forget meanwhile what the call has not come to yet, which is then
 * left out.
 */
export interface History {
  /** Seconds since the Unix epoch of the first value that is kept; `undefined` when nothing is. */
  readonly from: number | undefined
  /** The same of the last. */
  readonly to: number | undefined

  /** By name. */
  topics(): readonly RecordedTopic[]

  /** What came in a time range, in that order. What zcast does not know is left out. */
  blocks(range?: HistoryRange): AsyncIterable<RecordedBlock>

  /** The last of a topic that had come at a moment; `undefined` when nothing had. */
  latest(topic: string, time: number): Promise<RecordedBlock | undefined>

  /** What was missing, in the order of time. */
  losses(range?: HistoryRange): AsyncIterable<LossNote>

  /** The lines of the error log, in the order of time. */
  lines(range?: Omit<HistoryRange, 'topics'>): AsyncIterable<RecordedLine>
}
