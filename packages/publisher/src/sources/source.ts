import type { Block, BlockKind, Demand } from '@zcast/shared'

/** What a source is given when it starts. */
export interface SourceRun {
  /** Ends the source: the iteration finishes, and everything it opened is freed. */
  readonly signal: AbortSignal
  /** Which outputs are wanted now. Empty means that nobody watches. */
  readonly demand: Demand
  /** How many bytes of numbers a source that always has more may put into one block. Default: one array a block. */
  readonly blockBytes?: number | undefined
}

/** Yields blocks at its own pace; knows nothing of sockets. Sequence numbers are given by the publisher. */
export interface Source {
  readonly kind: BlockKind

  /** The largest block to expect, in bytes; sizes the publisher's queues. */
  readonly expectedBytes: number

  /** Names of other sizes of the same stream that it yields while they are wanted, marked as such. Default: none. */
  readonly renditions?: readonly string[]

  /** Values left out so far because newer ones came before they could be sent. Default: none ever are. */
  readonly dropped?: number

  /** Pictures left out so far because they were damaged. Default: they are not counted. */
  readonly badPictures?: number

  /** Why it has given nothing so far, although it was asked to; `undefined` once it has. Default: it throws instead. */
  readonly failure?: unknown

  /**
   * The blocks, each yielded when it is due. Leaving the loop or aborting the signal frees everything (processes,
   * files, timers) before the iteration ends. A source can be run once.
   *
   * @throws {@link SourceError} when it cannot be read, or dies.
   */
  blocks(run: SourceRun): AsyncIterable<Block>
}
