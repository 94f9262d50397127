import type { Block, Statistics } from '@zcast/shared'
import type { SubscriberState } from '../subscriber.ts'

/** What a sink may show beside the blocks themselves. */
export interface SinkContext {
  /** The accounts of the subscription, read whenever they are needed. */
  readonly statistics: Statistics
  /** The subscriber's state now. */
  state(): SubscriberState
}

/** Consumes blocks; knows nothing of sockets. */
export interface Sink {
  /**
   * Prepares the sink; called once, before the first block.
   *
   * @throws {@link SinkError} when it cannot write where it should.
   */
  open(context: SinkContext): Promise<void>

  /** Takes one block. A returned promise holds the next block back: that is how a slow sink makes a viewer skip. */
  write(block: Block): Promise<void> | void

  /** Finishes what is in hand and frees everything. May be called twice, and after a failed `open`. */
  close(): Promise<void>
}
