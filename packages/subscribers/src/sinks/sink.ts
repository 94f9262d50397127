import type { Envelope, Log, NoticeBoard, Statistics } from '@zcast/shared'
import type { RenditionStream } from '../rendition/rendition-stream.ts'
import type { SubscriberState } from '../subscriber-state.ts'

/** A subscription that can be paused, such as a `Subscriber`. Both methods may be called twice. */
export interface PausableSubscription {
  /** Cancels the subscription. */
  pause(): void
  /** Subscribes again. */
  resume(): void
}

/** The information that a sink may show beside the values. */
export interface SinkContext {
  /** The accounts of the subscription, read whenever they are needed. */
  readonly statistics: Statistics
  /** The subscriber's current state. */
  state(): SubscriberState
  /** Lets the sink pause the subscription while nobody looks; absent when the values are needed elsewhere. */
  readonly subscription?: PausableSubscription | undefined
  /** Returns the renditions of a stream, by its topic, if they are chosen automatically. Default: they are not. */
  readonly renditions?: ((topic: string) => RenditionStream | undefined) | undefined
  /** Receives reports of failures. Default: no reports. */
  readonly log?: Log | undefined
  /** The failures in this process, for sinks that show them to people. Default none. */
  readonly notices?: NoticeBoard | undefined
}

/** Consumes what a subscriber delivers; does not deal with sockets. */
export interface Sink {
  /**
   * True when it looks at no value itself, only that it came: work that makes a value complete, such as compressing the
   * pixels of a foreign picture, is then left out. Default false.
   */
  readonly isCounting?: boolean

  /**
   * Prepares the sink; called once, before the first envelope.
   *
   * @throws {@link SinkError} when it cannot write where it should.
   */
  open(context: SinkContext): Promise<void>

  /**
   * Takes one envelope: its topic, and a block of numbers or a frame. A returned promise delays the next one: this is
   * how a slow sink makes a viewer skip.
   */
  write(envelope: Envelope): Promise<void> | void

  /** Finishes its work and frees everything. May be called twice, and after a failed `open`. */
  close(): Promise<void>
}
