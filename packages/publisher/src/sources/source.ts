import type { Block, BlockKind, Demand, TopicShape } from '@zcast/shared'

/** The parameters of a running source. */
export interface SourceRun {
  /** Ends the source: the iteration finishes, and everything it opened is freed. */
  readonly signal: AbortSignal
  /** The outputs that are wanted now. Empty when nobody watches. */
  readonly demand: Demand
  /**
   * The number of bytes of numbers that a source with unlimited data may put into one block. Default: one array per
   * block.
   */
  readonly blockBytes?: number | undefined
}

/** Yields blocks at its own pace; knows nothing of sockets. The publisher assigns sequence numbers. */
export interface Source {
  readonly kind: BlockKind

  /** The largest expected block, in bytes; sizes the publisher's queues. */
  readonly expectedBytes: number

  /** Names of other sizes of the same stream that it yields while they are wanted, marked as such. Default: none. */
  readonly renditions?: readonly string[]

  /**
   * The time within which it usually has its next value when somebody watches again, in milliseconds: until then the last
   * one, which may be of another place, is not repeated for them. Default 500, of pictures and sound.
   */
  readonly resumesWithinMs?: number

  /**
   * What its values look like, as far as that is known before the first is made: told to subscribers that ask what there
   * is. Default: unknown.
   */
  readonly shape?: TopicShape

  /** Values left out so far because newer ones came before they could be sent. Default: none. */
  readonly dropped?: number

  /** Pictures left out so far because they were damaged. Default: not counted. */
  readonly badPictures?: number

  /**
   * The reason why it has produced nothing so far, although it was asked to; `undefined` once it has. Default: it
   * throws instead.
   */
  readonly failure?: unknown

  /**
   * The blocks, each yielded when it is due. Leaving the loop or aborting the signal frees everything (processes,
   * files, timers) before the iteration ends. A source can be run once.
   *
   * @throws {@link SourceError} when it cannot be read, or fails.
   */
  blocks(run: SourceRun): AsyncIterable<Block>
}
