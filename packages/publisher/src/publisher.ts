import { ClosedError, type ColumnLabels, OptionError, parseTopic, type PublishSocket } from '@zcast/shared'
import { isKind } from '@zcast/shared/internal'
import { checkBatchOptions } from './batcher.ts'
import { openPublishSocket } from './open-publish-socket.ts'
import type { PublisherOptions, PublishRunOptions } from './publisher-options.ts'
import { makeParts, type PublisherParts } from './publisher-parts.ts'
import { runSource, topicsOf } from './run-source.ts'
import type { Source } from './sources/source.ts'
import type { StreamCounts } from './stream-counts.ts'
import { TopicClaims } from './topic-claims.ts'
import type { ChatTopic } from './topics/chat-topic.ts'
import { type AnyTopic, chooseTopic } from './topics/choose-topic.ts'
import { type ForwardOptions, ForwardTopic } from './topics/forward-topic.ts'
import { linkForward } from './topics/link-forward.ts'
import { linkTopic } from './topics/link-topic.ts'
import type { NumbersTopic } from './topics/numbers-topic.ts'
import type { SoundOptions } from './topics/sound-pieces.ts'
import type { SoundTopic } from './topics/sound-topic.ts'
import type { TopicHandle } from './topics/topic-handle.ts'
import type { VideoTopic } from './topics/video-topic.ts'

/** The time that subscribers have to receive what is queued for them, at an unhurried end. */
const PATIENT_LINGER_MS = 5000

/** Numbers the values that sources yield, and sends them to every subscriber. */
export class Publisher {
  readonly #socket: PublishSocket
  readonly #parts: PublisherParts
  readonly #claims = new TopicClaims()
  readonly #handles = new Set<Pick<TopicHandle, 'close'>>()

  /**
   * Opens a publisher on one or more endpoints.
   *
   * @throws {@link EndpointError} when an endpoint cannot be parsed or bound; {@link OptionError} `ERR_ENDPOINT` when
   *   there is none, `ERR_OPTION` when batching is out of range.
   *
   * @example
   * ```ts
   * import { Publisher } from '@zcast/publisher'
   *
   * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
   * console.log(publisher.endpoints) // where subscribers connect to
   * await publisher.close()
   * ```
   */
  static async open(options: PublisherOptions): Promise<Publisher> {
    if (options.batch) checkBatchOptions(options.batch)
    return new Publisher(await openPublishSocket(options), options)
  }

  private constructor(socket: PublishSocket, options: PublisherOptions) {
    this.#socket = socket
    this.#parts = makeParts(socket, options)
  }

  /** The endpoints it listens on or connects to, with the port that was chosen for `*`. */
  get endpoints(): readonly string[] {
    return this.#socket.endpoints
  }

  /** Values sent since it opened. */
  get sent(): number {
    return this.#parts.counts.total('sent')
  }

  /** Values that were not sent: a source left them out for newer ones, or they do not fit a message. */
  get dropped(): number {
    return this.#parts.counts.total('dropped')
  }

  /** The names of the streams that have run since it opened. */
  get streams(): readonly string[] {
    return this.#parts.counts.streams
  }

  /** The number of subscribers that are connected and want something of what it sends. */
  get subscribers(): number {
    const { audience, codec } = this.#parts
    return audience.count(this.#claims.topics.flatMap((topic) => codec.prefixes(topic)))
  }

  /** The counts of one stream's topics together; zeros for a stream that never ran. */
  counts(stream: string): Readonly<StreamCounts> {
    return this.#parts.counts.read(stream)
  }

  /**
   * Sends a source's blocks until the source ends, the signal aborts, or the given number of values is reached. A value
   * that does not fit a message is dropped, counted and logged, and takes no sequence number. Several sources may run
   * at the same time. Closing the publisher also ends the run.
   *
   * @throws {@link OptionError} `ERR_TOPIC` when the stream's name breaks the rules, or one of its topics is already
   *   being sent.
   * @throws {@link SourceError} when the source fails; {@link ClosedError} when the publisher is already closed.
   */
  async run(source: Source, options: PublishRunOptions): Promise<void> {
    this.#refuseIfClosed()
    const topics = topicsOf(source, options.stream)
    const release = this.#claims.claim([...topics.values()])
    try {
      await runSource(this.#parts, source, topics, options)
    } finally {
      release()
    }
  }

  /**
   * Starts a topic for sending values as they come: the push API. For a source that paces itself, or pauses while
   * nobody watches, use {@link run}.
   *
   * @param topic - `numbers/STREAM`, `video/STREAM`, `audio/STREAM` or `chat/STREAM`; STREAM is 1 to 64 of
   *   `A-Z a-z 0-9 . _ -`.
   * @param labels - For numbers: the names and units of the columns, which every array must then match. For sound, in its
   *   place, the rate, channels and format.
   * @throws {@link OptionError} `ERR_TOPIC` when the topic breaks the rules or is already being sent, `ERR_OPTION` when
   *   names or units are not lists of texts, or differ in number, or the rate, channels or format of sound are out of
   *   range.
   * @throws {@link ClosedError} `ERR_CLOSED` after `close`.
   *
   * @example
   * ```ts
   * import { Publisher } from '@zcast/publisher'
   *
   * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
   * const imu = publisher.topic('numbers/imu', { names: ['ax', 'ay', 'az'], units: ['g', 'g', 'g'] })
   * await imu.send([0.1, 0.2, 9.8])
   * await publisher.close()
   * ```
   */
  topic(topic: `numbers/${string}`, labels?: ColumnLabels): NumbersTopic
  topic(topic: `video/${string}`): VideoTopic
  topic(topic: `audio/${string}`, sound?: SoundOptions): SoundTopic
  topic(topic: `chat/${string}`): ChatTopic
  topic(topic: string, options: ColumnLabels & SoundOptions = {}): AnyTopic {
    this.#refuseIfClosed()
    const chosen = chooseTopic(topic, options)
    return this.#keep(topic, (onEnd) => chosen.make(linkTopic(this.#parts, chosen, onEnd)))
  }

  /**
   * Starts a topic whose values another publisher has numbered: each is sent with its own epoch, sequence number and
   * time. For a player of recordings and for a relay.
   *
   * @param topic - A whole topic of any kind, renditions included: `video@360p/main`.
   * @throws {@link OptionError} `ERR_TOPIC` when the topic breaks the rules or is already being sent.
   * @throws {@link ClosedError} `ERR_CLOSED` after `close`.
   *
   * @example
   * ```ts
   * import { Publisher } from '@zcast/publisher'
   *
   * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
   * const imu = publisher.forward('numbers/imu')
   * const data = Float64Array.of(0.1, 9.8)
   * await imu.send({
   *   topic: 'numbers/imu',
   *   epoch: 7,
   *   block: { kind: 'numbers', seq: 41, time: 1785000000, rows: 1, columns: 2, data },
   * })
   * await publisher.close()
   * ```
   */
  forward(topic: string, options: ForwardOptions = {}): ForwardTopic {
    this.#refuseIfClosed()
    const { kind, stream } = parseTopic(topic) ?? {}
    if (!isKind(kind) || stream === undefined) {
      throw new OptionError(`"${topic}" is not a topic: write KIND/STREAM such as numbers/random`, {
        code: 'ERR_TOPIC',
      })
    }
    const chosen = { topic, kind, stream }
    return this.#keep(topic, (onEnd) => new ForwardTopic(linkForward(this.#parts, chosen, options, onEnd)))
  }

  /**
   * Sends what is queued and frees the socket. May be called twice.
   *
   * @param patient - Gives subscribers 5 s to receive the rest, instead of 0.4 s. Default true.
   */
  async close(patient = true): Promise<void> {
    const { answers, audience, closing, lanes, sender } = this.#parts
    this.#parts.isClosed = true
    await this.#closeHandles(patient)
    sender.close()
    lanes?.close()
    answers?.close()
    closing.abort()
    audience.close()
    await this.#socket.close(patient ? PATIENT_LINGER_MS : undefined)
  }

  /** Closes the publisher. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #refuseIfClosed(): void {
    if (this.#parts.isClosed) throw new ClosedError('the publisher')
  }

  /** Claims a topic, and keeps its handle until it has ended. */
  #keep<Handle extends Pick<TopicHandle, 'close'>>(
    topic: string,
    make: (onEnd: () => void) => Handle,
  ): Handle {
    const release = this.#claims.claim([topic])
    try {
      const handle = make(() => {
        this.#handles.delete(handle)
        release()
      })
      this.#handles.add(handle)
      return handle
    } catch (error) {
      release()
      throw error
    }
  }

  /** Gives values waiting to be sent their time, and no more. */
  async #closeHandles(patient: boolean): Promise<void> {
    if (this.#handles.size === 0) return
    const timer = setTimeout(() => this.#parts.closing.abort(), patient ? PATIENT_LINGER_MS : 0)
    await Promise.allSettled([...this.#handles].map((handle) => handle.close()))
    clearTimeout(timer)
  }
}
