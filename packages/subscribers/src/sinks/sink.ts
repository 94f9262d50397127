import type { Envelope, Log, NoticeBoard, Statistics } from '@zcast/shared'
import type { RenditionStream } from '../rendition/rendition-stream.ts'
import type { SubscriberState } from '../subscriber-state.ts'

/** A subscription that can rest, as a `Subscriber` can. Both may be called twice. */
export interface PausableSubscription {
  /** Stops asking for values. */
  pause(): void
  /** Asks for them again. */
  resume(): void
}

/** What a sink may show beside the values themselves. */
export interface SinkContext {
  /** The accounts of the subscription, read whenever they are needed. */
  readonly statistics: Statistics
  /** The subscriber's state now. */
  state(): SubscriberState
  /** Lets the sink pause the subscription while nobody looks; absent where somebody else needs the values. */
  readonly subscription?: PausableSubscription | undefined
  /** The renditions of a stream, by its topic, where they choose themselves. Default they do not. */
  readonly renditions?: ((topic: string) => RenditionStream | undefined) | undefined
  /** Where the sink says what goes wrong. Default nowhere. */
  readonly log?: Log | undefined
  /** What went wrong in this process, for sinks that show it to people. Default nothing. */
  readonly notices?: NoticeBoard | undefined
}

/** Consumes what a subscriber delivers; knows nothing of sockets. */
export interface Sink {
  /**
   * Prepares the sink; called once, before the first envelope.
   *
   * @throws {@link SinkError} when it cannot write where it should.
   */
  open(context: SinkContext): Promise<void>

  /**
   * Takes one envelope: its topic, and a block of numbers or a frame. A returned promise holds the next one back:
   * that is how a slow sink makes a viewer skip.
   */
  write(envelope: Envelope): Promise<void> | void

  /** Finishes what is in hand and frees everything. May be called twice, and after a failed `open`. */
  close(): Promise<void>
}
