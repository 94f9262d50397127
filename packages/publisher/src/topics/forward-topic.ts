import { CodecError, type Envelope, type TopicOffer } from '@zcast/shared'
import { TopicHandle, type TopicLink } from './topic-handle.ts'

/** Options of {@link Publisher.forward}. */
export interface ForwardOptions {
  /** Called when somebody begins to want this topic, and when nobody does any more. Default: nobody is told. */
  readonly onWatched?: ((isWatched: boolean) => void) | undefined
}

/** The connection of a {@link ForwardTopic} to its publisher. */
export interface ForwardLink extends TopicLink<Envelope> {
  /** Notes what is said of the topic. */
  readonly announce: (offer: TopicOffer) => void
  /** Forgets the value that is kept for late joiners. */
  readonly forget: () => void
}

/**
 * One topic of a publisher whose values are numbered already: by another publisher, or when they were recorded. See
 * {@link Publisher.forward}.
 */
export class ForwardTopic extends TopicHandle<Envelope> {
  readonly #link: ForwardLink

  /** @internal */
  constructor(link: ForwardLink) {
    super(link)
    this.#link = link
  }

  /**
   * Sends an envelope with its own epoch, sequence number and time, in a message of its own: batched as it came, and its
   * data is not copied, so it must not change afterwards. A `retained` one is sent as such. The newest is kept for
   * subscribers that join late. The epoch may change from one to the next. Resolves once it was handed to ZeroMQ; with
   * delivery `all` that waits for the slowest subscriber. Without awaiting it, at most 64 MiB may be waiting: further
   * ones are dropped, logged, and counted in `publisher.dropped`.
   *
   * @throws {@link CodecError} `ERR_VALUE` when it has another topic, or no epoch or sequence number;
   *   `ERR_MEMORY_LIMIT` when 64 MiB are waiting.
   * @throws {@link ClosedError} `ERR_CLOSED` after `close`.
   */
  send(envelope: Envelope): Promise<void> {
    return this.take(() => {
      const { topic, epoch, block } = envelope
      if (topic !== this.topic)
        throw new CodecError('ERR_VALUE', `a value of ${topic} cannot be sent on ${this.topic}`)
      if (epoch === undefined || block.seq === undefined)
        throw new CodecError(
          'ERR_VALUE',
          `a value without an epoch or a sequence number cannot be forwarded on ${topic}`,
        )
      return envelope
    })
  }

  /** Tells subscribers that ask what the first publisher says of the topic, also before a value is sent. */
  announce(offer: TopicOffer): void {
    this.#link.announce(offer)
  }

  /** Forgets the newest value, so that subscribers that join get none before the next one is sent. */
  forget(): void {
    this.#link.forget()
  }
}
