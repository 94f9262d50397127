import type { Codec, EndpointChoice, Log, SocketOptions, Transport } from '@zcast/shared'
import type { BatchOptions } from './batcher.ts'

/** Options of {@link Publisher.open}. */
export interface PublisherOptions
  extends EndpointChoice, Omit<SocketOptions, 'bind' | 'connect' | 'highWaterMark' | 'sendBufferBytes'> {
  /**
   * The expected size of a message, in bytes: the source's `expectedBytes`, or the largest picture. Sizes the queues.
   * Default 16 KiB, for numbers.
   */
  readonly expectedBytes?: number | undefined
  /**
   * The number of topics that carry pictures, renditions included. Queues of pictures are short, so that they do not
   * grow old for a slow subscriber. Default 0: only numbers.
   */
  readonly pictureTopics?: number | undefined
  /**
   * `all` loses nothing: it waits for the slowest subscriber, which holds up the others. A subscriber that reads
   * nothing is cut off after twice the heartbeat (TCP); one that reads less than 100 messages and 128 KiB a second is
   * no longer waited for after 30 s. `all-but-pictures` does so with everything else, and sends pictures newest first,
   * on lanes where that is asked for. Default: a subscriber whose queue is full misses what does not fit.
   */
  readonly delivery?: 'all' | 'all-but-pictures' | undefined
  /**
   * The way in which arrays of numbers in quick succession share messages; `false` sends one message per array.
   * Default: those available at the same time, up to 16 KiB.
   */
  readonly batch?: BatchOptions | false | undefined
  /** The relays that values pass on the way here, for a publisher that is one; subscribers are told. Default: none. */
  readonly route?: PublisherRoute | undefined
  /** Receives reports of values that cannot be sent. Default: no reports. */
  readonly log?: Log
  /** Default: the transport that the endpoints name, without keys. */
  readonly transport?: Transport
  /** Default: the wire format, version 1. */
  readonly codec?: Codec
}

/** The relays that values pass on the way to a publisher. */
export interface PublisherRoute {
  /** Each drew its number at random; this one first. */
  readonly relays: readonly number[]
  /** Calls `listener` after each change. */
  onChange(listener: () => void): void
}

/** Options of {@link Publisher.run}. */
export interface PublishRunOptions {
  /** The name of the stream: 1 to 64 of `A-Z a-z 0-9 . _ -`. */
  readonly stream: string
  /** Ends the run; the source is freed before it returns. */
  readonly signal?: AbortSignal | undefined
  /** Ends the run after this many values. Default: never. */
  readonly maxValues?: number | undefined
  /** Tells the source that all its outputs are wanted, even when nobody watches. Default false. */
  readonly always?: boolean | undefined
  /** Starts once this many subscribers of the stream are connected. Default 0. */
  readonly waitFor?: number | undefined
}
