import {
  type BlockKind,
  checkColumnLabels,
  ClosedError,
  type Codec,
  type CodecError,
  type ColumnLabels,
  Demand,
  type EndpointChoice,
  formatTopic,
  KINDS,
  type Log,
  MsgpackCodec,
  openTransport,
  OptionError,
  parseTopic,
  type PublishSocket,
  type SocketOptions,
  type TopicOffer,
  type TopicShape,
  type Transport,
} from '@zcast/shared'
import { isKind, listEndpoints } from '@zcast/shared/internal'
import { Audience } from './audience.ts'
import { checkBatchOptions, DEFAULT_BATCH_BYTES, type BatchOptions } from './batcher.ts'
import { Lanes } from './lanes/lanes.ts'
import { peerQueueFor } from './peer-queue.ts'
import { FOR_FULL_QUEUES, FOR_HOLDS, Patience } from './patience.ts'
import { Sender } from './sender.ts'
import { StreamRun } from './stream-run.ts'
import type { StreamCounts } from './stream-counts.ts'
import type { Source } from './sources/source.ts'
import { ChatTopic } from './topics/chat-topic.ts'
import { ForwardOutbox } from './topics/forward-outbox.ts'
import { type ForwardLink, type ForwardOptions, ForwardTopic } from './topics/forward-topic.ts'
import { NumbersTopic } from './topics/numbers-topic.ts'
import { TopicAnswers } from './topics/topic-answers.ts'
import { TopicOffers } from './topics/topic-offers.ts'
import { Outbox } from './topics/outbox.ts'
import type { TopicHandle, TopicLink } from './topics/topic-handle.ts'
import { type SoundOptions, SoundPieces } from './topics/sound-pieces.ts'
import { SoundTopic } from './topics/sound-topic.ts'
import { VideoTopic } from './topics/video-topic.ts'

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

/** The demand given to a running source, and the topics of its outputs. */
interface StreamDemand {
  readonly demand: Demand
  readonly topics: ReadonlyMap<string, string>
  readonly always: boolean
  /** How long a first watcher waits for the next value before the last one is repeated, in milliseconds. */
  readonly graceMs: number
}

/** What the values of a topic will look like, by the options that it was begun with. */
function shapeOf(kind: BlockKind | undefined, options: ColumnLabels & SoundOptions): TopicShape {
  const { names, units, rate, channels, format } = options
  if (kind === 'numbers') return { columns: (names ?? units)?.length, names, units }
  return kind === 'audio' ? { rate, channels, format } : {}
}

/** The outputs of a source: the stream itself, and its renditions. */
function outputsOf(source: Source): readonly string[] {
  return ['', ...(source.renditions ?? [])]
}

/** The size that {@link Publisher.open} reserves for a message by default. */
const DEFAULT_EXPECTED_BYTES = DEFAULT_BATCH_BYTES

/** The time that subscribers have to receive what is queued for them, at an unhurried end. */
const PATIENT_LINGER_MS = 5000

/** The first watcher of a video gets its next picture: the source resumes at once, and may have a newer one. */
const FIRST_VIEWER_GRACE_MS = 500

/** A source that always has something to send is interrupted this often, so that the event loop turns. */
const LONGEST_RUN_MS = 10

const HOLD_FORGOTTEN =
  'a subscriber asked this publisher to wait and has been silent since: no longer waiting for it'

const HELD_TOO_LONG =
  'a subscriber asks this publisher to wait and has held up the others for 5 s: some messages are sent anyway (1000 or 128 KiB a second)'

type AnyTopic = NumbersTopic | VideoTopic | SoundTopic | ChatTopic

/** Makes the handles of each kind, of options that are checked before anything is linked that only a handle would undo. */
const HANDLES: Readonly<
  Partial<Record<BlockKind, (options: ColumnLabels & SoundOptions) => (link: TopicLink) => AnyTopic>>
> = {
  numbers: (options) => {
    const labels = checkColumnLabels(options)
    return (link) => new NumbersTopic(link, labels)
  },
  video: () => (link) => new VideoTopic(link),
  audio: (options) => {
    const pieces = new SoundPieces(options)
    return (link) => new SoundTopic(link, pieces)
  },
  chat: () => (link) => new ChatTopic(link),
}

/** Numbers the values that sources yield, and sends them to every subscriber. */
export class Publisher {
  readonly #socket: PublishSocket
  readonly #codec: Codec
  readonly #sender: Sender
  readonly #audience: Audience
  /** For subscribers with a slow network; `undefined` for a lossless publisher. */
  readonly #lanes: Lanes | undefined
  /** The topics that are sent now. */
  readonly #offers = new TopicOffers(() => this.#answers?.changed())
  /** For subscribers that ask what there is; `undefined` where other programs read the messages. */
  readonly #answers: TopicAnswers | undefined
  /** For subscribers that ask the publisher to wait; only for a lossless one. */
  readonly #patience: Patience | undefined
  readonly #log: Log | undefined
  readonly #batch: BatchOptions | false
  readonly #demands = new Set<StreamDemand>()
  readonly #closing = new AbortController()
  #closed = false
  readonly #counts = new Map<string, StreamCounts>()
  readonly #running = new Map<string, Source>()
  /** The epochs of the running topics of pictures. */
  readonly #epochs = new Map<string, number>()
  /** The topics being sent, each by one source or handle. */
  readonly #taken = new Set<string>()
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
    const { bind, connect } = listEndpoints(options)
    const transport = options.transport ?? (await openTransport([...bind, ...connect]))
    const socket = await transport.openPublish({
      bind,
      connect,
      heartbeatMs: options.heartbeatMs,
      maxMessageBytes: options.maxMessageBytes,
      // A lossless publisher does not need short queues: it waits for what does not fit.
      ...peerQueueFor(
        options.expectedBytes ?? DEFAULT_EXPECTED_BYTES,
        options.delivery === 'all' ? 0 : options.pictureTopics,
      ),
    })
    return new Publisher(socket, options)
  }

  private constructor(socket: PublishSocket, options: PublisherOptions) {
    this.#socket = socket
    this.#batch = options.batch ?? {}
    const isLossless = options.delivery === 'all'
    const isPatient = options.delivery !== undefined
    this.#patience = isPatient ? new Patience(FOR_HOLDS) : undefined
    this.#log = options.log
    const codec = options.codec ?? new MsgpackCodec()
    this.#codec = codec
    this.#answers = codec.hasLanes
      ? new TopicAnswers(
          socket,
          () => this.#listTopics(),
          () => options.route?.relays,
        )
      : undefined
    options.route?.onChange(() => this.#answers?.changed())
    const refreshAll = (): void => {
      for (const demand of this.#demands) this.#refresh(demand)
    }
    this.#lanes =
      isLossless || !codec.hasLanes
        ? undefined
        : new Lanes({
            socket,
            codec,
            epochs: this.#epochs,
            onOpen: (topic) => this.#sender.serve(topic, () => this.#graceMs(topic)),
            onChange: () => {
              refreshAll()
              this.#audience.changed()
            },
          })
    this.#sender = new Sender(socket, {
      codec,
      log: options.log,
      lanes: this.#lanes,
      offers: this.#offers,
      patience: isPatient ? new Patience(FOR_FULL_QUEUES) : undefined,
      waitsForPictures: isLossless,
      onSent: (bytes) => this.#patience?.earn(bytes),
    })
    this.#audience = new Audience(socket, {
      onJoin: (prefix) => this.#sender.serve(prefix, (topic) => this.#graceMs(topic)),
      onChange: refreshAll,
      others: (topics) => this.#lanes?.count(topics) ?? 0,
      onHoldForgotten: () => {
        if (this.#patience) this.#log?.warning(HOLD_FORGOTTEN)
      },
    })
  }

  /** The endpoints it listens on or connects to, with the port that was chosen for `*`. */
  get endpoints(): readonly string[] {
    return this.#socket.endpoints
  }

  /** Values sent since it opened. */
  get sent(): number {
    return this.#total('sent')
  }

  /** Values that were not sent: a source left them out for newer ones, or they do not fit a message. */
  get dropped(): number {
    return this.#total('dropped')
  }

  /** The names of the streams that have run since it opened. */
  get streams(): readonly string[] {
    return [...this.#counts.keys()]
  }

  /** The number of subscribers that are connected and want something of what it sends. */
  get subscribers(): number {
    return this.#audience.count([...this.#taken].flatMap((topic) => this.#codec.prefixes(topic)))
  }

  /** The counts of one stream's topics together; zeros for a stream that never ran. */
  counts(stream: string): Readonly<StreamCounts> {
    const { sent, dropped } = this.#counts.get(stream) ?? { sent: 0, dropped: 0 }
    return { sent, dropped: dropped + (this.#running.get(stream)?.dropped ?? 0) }
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
    if (this.#closed) throw new ClosedError('the publisher')
    const { stream, maxValues = Number.POSITIVE_INFINITY, always = false, waitFor = 0 } = options
    const signal = options.signal ?? new AbortController().signal
    const topics = new Map(
      outputsOf(source).map((output) => [output, formatTopic(source.kind, stream, output || undefined)]),
    )
    const release = this.#claim([...topics.values()])
    const { resumesWithinMs: graceMs = FIRST_VIEWER_GRACE_MS } = source
    const watched = { demand: new Demand(always ? topics.keys() : []), topics, always, graceMs }
    const counts = this.#countsOf(stream)
    this.#running.set(stream, source)
    this.#demands.add(watched)
    this.#refresh(watched)
    const batch = KINDS[source.kind].isBatched && this.#batch
    const run = new StreamRun(this.#sender, { topics, counts, maxValues, batch, signal })
    if (KINDS[source.kind].isNewestFirst)
      for (const topic of topics.values()) this.#epochs.set(topic, run.epoch)
    const { kind, renditions, shape } = source
    for (const [output, topic] of topics)
      this.#offers.begin(topic, {
        kind,
        renditions,
        epoch: () => run.epoch,
        shape: output === '' ? shape : undefined,
      })
    try {
      const ended = AbortSignal.any([signal, this.#closing.signal])
      if (waitFor > 0) await this.#audience.untilThere(this.#prefixes(topics), waitFor, ended)
      if (ended.aborted) return
      let turnedAtMs = performance.now()
      for await (const block of source.blocks({
        signal: ended,
        demand: watched.demand,
        blockBytes: run.blockBytes,
      })) {
        const taking = run.take(block)
        if (taking) await taking
        if (this.#patience && this.#audience.isHeld) await this.#standStill(this.#patience, ended)
        if (run.isComplete || signal.aborted || this.#closed) break
        if (performance.now() - turnedAtMs > LONGEST_RUN_MS) {
          await new Promise(setImmediate)
          turnedAtMs = performance.now()
        }
      }
    } finally {
      this.#demands.delete(watched)
      this.#running.delete(stream)
      counts.dropped += source.dropped ?? 0
      // Blocks that a source yielded before it failed are sent as well.
      try {
        await run.end()
      } finally {
        for (const topic of topics.values()) {
          this.#epochs.delete(topic)
          this.#offers.end(topic)
        }
        release()
      }
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
    if (this.#closed) throw new ClosedError('the publisher')
    const { kind, rendition, stream } = parseTopic(topic) ?? {}
    const make = isKind(kind) ? HANDLES[kind]?.(options) : undefined
    if (!make || stream === undefined || rendition !== undefined) {
      throw new OptionError(
        `"${topic}" is not a topic that takes values: write numbers/STREAM, video/STREAM, audio/STREAM or chat/STREAM, where STREAM is 1 to 64 of A-Z a-z 0-9 . _ -`,
        { code: 'ERR_TOPIC' },
      )
    }
    const release = this.#claim([topic])
    try {
      const handle = make(
        this.#linkTopic(topic, stream, shapeOf(isKind(kind) ? kind : undefined, options), () => {
          this.#handles.delete(handle)
          release()
        }),
      )
      this.#handles.add(handle)
      return handle
    } catch (error) {
      release()
      throw error
    }
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
    if (this.#closed) throw new ClosedError('the publisher')
    const { kind, stream } = parseTopic(topic) ?? {}
    if (!isKind(kind) || stream === undefined) {
      throw new OptionError(`"${topic}" is not a topic: write KIND/STREAM such as numbers/random`, {
        code: 'ERR_TOPIC',
      })
    }
    const release = this.#claim([topic])
    const handle = new ForwardTopic(
      this.#linkForward(topic, { kind, stream }, options, () => {
        this.#handles.delete(handle)
        release()
      }),
    )
    this.#handles.add(handle)
    return handle
  }

  /**
   * Sends what is queued and frees the socket. May be called twice.
   *
   * @param patient - Gives subscribers 5 s to receive the rest, instead of 0.4 s. Default true.
   */
  async close(patient = true): Promise<void> {
    this.#closed = true
    await this.#closeHandles(patient)
    this.#sender.close()
    this.#lanes?.close()
    this.#answers?.close()
    this.#closing.abort()
    this.#audience.close()
    await this.#socket.close(patient ? PATIENT_LINGER_MS : undefined)
  }

  /** Closes the publisher. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #standStill(patience: Patience, ended: AbortSignal): Promise<void> {
    const startedMs = performance.now()
    await this.#audience.untilReleased(ended, patience.leftMs)
    if (patience.spend(performance.now() - startedMs)) this.#log?.warning(HELD_TOO_LONG)
  }

  /** What is sent, and what was left out of it. */
  #listTopics(): readonly TopicOffer[] {
    const offers: TopicOffer[] = []
    for (const offer of this.#offers.list()) {
      const stream = parseTopic(offer.topic)?.stream
      const dropped = (stream === undefined ? 0 : this.counts(stream).dropped) + (offer.dropped ?? 0)
      offers.push({ ...offer, dropped })
    }
    return offers
  }

  /** Reserves these topics until the returned function is called. */
  #claim(topics: readonly string[]): () => void {
    const taken = topics.find((topic) => this.#taken.has(topic))
    if (taken !== undefined) {
      throw new OptionError(
        `${taken} is already being sent by this publisher: end that first, or choose another name`,
        {
          code: 'ERR_TOPIC',
        },
      )
    }
    for (const topic of topics) this.#taken.add(topic)
    return () => {
      for (const topic of topics) this.#taken.delete(topic)
    }
  }

  #countsOf(stream: string): StreamCounts {
    const counts = this.#counts.get(stream) ?? { sent: 0, dropped: 0 }
    this.#counts.set(stream, counts)
    return counts
  }

  #linkTopic(topic: string, stream: string, shape: TopicShape, onEnd: () => void): TopicLink {
    const counts = this.#countsOf(stream)
    const watched: StreamDemand = {
      demand: new Demand(),
      topics: new Map([['', topic]]),
      always: false,
      graceMs: FIRST_VIEWER_GRACE_MS,
    }
    const signal = this.#closing.signal
    const run = new StreamRun(this.#sender, {
      topics: watched.topics,
      counts,
      maxValues: Number.POSITIVE_INFINITY,
      batch: this.#batch,
      signal,
    })
    this.#demands.add(watched)
    this.#refresh(watched)
    const kind = parseTopic(topic)?.kind
    if (isKind(kind)) {
      if (KINDS[kind].isNewestFirst) this.#epochs.set(topic, run.epoch)
      this.#offers.begin(topic, { kind, epoch: () => run.epoch, shape })
    }
    // The outbox joins what comes in one turn of the event loop: only a longer wait, or none, is left to the run.
    const isJoined = this.#batch !== false && !this.#batch.lingerMs
    const outbox = new Outbox({
      topic,
      messageBytes: (this.#batch && this.#batch.maxBytes) || DEFAULT_BATCH_BYTES,
      send: async (block) => {
        await (isJoined ? run.send(block) : run.take(block))
        if (this.#patience && this.#audience.isHeld) await this.#standStill(this.#patience, signal)
      },
      onOverflow: (error: CodecError) => {
        counts.dropped += 1
        this.#log?.warning(error.message, undefined, `overflow ${topic}`)
      },
    })
    const end = async (): Promise<void> => {
      try {
        await run.end()
      } finally {
        this.#epochs.delete(topic)
        this.#offers.end(topic)
        this.#demands.delete(watched)
        onEnd()
      }
    }
    return { topic, outbox, demand: watched.demand, end }
  }

  #linkForward(
    topic: string,
    { kind, stream }: { kind: BlockKind; stream: string },
    { onWatched }: ForwardOptions,
    onEnd: () => void,
  ): ForwardLink {
    const counts = this.#countsOf(stream)
    const watched: StreamDemand = {
      demand: new Demand(),
      topics: new Map([['', topic]]),
      always: false,
      graceMs: FIRST_VIEWER_GRACE_MS,
    }
    const { demand } = watched
    if (onWatched) demand.onChange(() => onWatched(demand.wanted.size > 0))
    const signal = this.#closing.signal
    let epoch = 0
    const begin = (next: number): void => {
      epoch = next
      // Lanes are asked for by epoch.
      if (KINDS[kind].isNewestFirst) this.#epochs.set(topic, next)
    }
    this.#offers.begin(topic, { kind, epoch: () => epoch })
    this.#demands.add(watched)
    this.#refresh(watched)
    const outbox = new ForwardOutbox({
      topic,
      send: async (envelopes) => {
        const [first] = envelopes
        if (first && first.epoch !== epoch) begin(first.epoch as number)
        const { sent, dropped } = await this.#sender.send(envelopes, signal, true)
        counts.sent += sent
        counts.dropped += dropped
        if (!KINDS[kind].isNewestFirst && this.#patience && this.#audience.isHeld)
          await this.#standStill(this.#patience, signal)
      },
      onOverflow: (error) => {
        counts.dropped += 1
        this.#log?.warning(error.message, undefined, `overflow ${topic}`)
      },
    })
    const end = async (): Promise<void> => {
      try {
        await this.#sender.end(topic)
      } finally {
        this.#epochs.delete(topic)
        this.#offers.end(topic)
        this.#demands.delete(watched)
        onEnd()
      }
    }
    const announce = (offer: TopicOffer): void => {
      begin(offer.epoch)
      this.#offers.announce(topic, offer)
    }
    return { topic, outbox, demand, announce, forget: () => this.#sender.forget(topic), end }
  }

  /** Gives values waiting to be sent their time, and no more. */
  async #closeHandles(patient: boolean): Promise<void> {
    if (this.#handles.size === 0) return
    const timer = setTimeout(() => this.#closing.abort(), patient ? PATIENT_LINGER_MS : 0)
    await Promise.allSettled([...this.#handles].map((handle) => handle.close()))
    clearTimeout(timer)
  }

  #refresh({ demand, topics, always }: StreamDemand): void {
    for (const [output, topic] of topics) demand.set(output, always || this.#wants(topic))
  }

  #graceMs(topic: string): number {
    const kind = parseTopic(topic)?.kind
    if (!isKind(kind) || !KINDS[kind].isPausable || this.#wants(topic)) return 0
    const own = [...this.#demands].find(({ topics }) => [...topics.values()].includes(topic))
    return own?.graceMs ?? FIRST_VIEWER_GRACE_MS
  }

  #wants(topic: string): boolean {
    return (
      this.#codec.prefixes(topic).some((prefix) => this.#audience.wants(prefix)) ||
      (this.#lanes?.wants(topic) ?? false)
    )
  }

  /** The prefixes of the messages of these topics, to which subscribers subscribe. */
  #prefixes(topics: ReadonlyMap<string, string>): readonly string[] {
    return [...topics.values()].flatMap((topic) => this.#codec.prefixes(topic))
  }

  #total(count: keyof StreamCounts): number {
    return [...this.#counts.keys()].reduce((sum, stream) => sum + this.counts(stream)[count], 0)
  }
}
