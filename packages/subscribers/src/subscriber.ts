import {
  type Codec,
  DEFAULT_HEARTBEAT_MS,
  type DeliveryPolicy,
  type EndpointChoice,
  type Envelope,
  type Log,
  MsgpackCodec,
  type NetworkReading,
  type NoticeBoard,
  openTransport,
  OptionError,
  type SocketOptions,
  Statistics,
  type SubscribeSocket,
  type TopicStatistics,
  type Transport,
  valueCount,
} from '@zcast/shared'
import {
  checkSubscription,
  HOLD_PREFIX,
  isLoopback,
  listEndpoints,
  Listeners,
  parseDeliveryPolicy,
  parseEndpoint,
} from '@zcast/shared/internal'
import { Delivery } from './delivery.ts'
import { Intake } from './intake.ts'
import { LaneSubscriptions } from './lane/lane-subscriptions.ts'
import { NetworkNotices } from './lane/network-notices.ts'
import { tellRendition } from './lane/describe-network.ts'
import { isTooFew } from './rendition/rendition-chooser.ts'
import type { RenditionStream } from './rendition/rendition-stream.ts'
import { RenditionTopics } from './rendition/rendition-topics.ts'
import { isSmallerRendition, nameOf, Renditions } from './rendition/renditions.ts'
import { LossWatch } from './loss-watch.ts'
import { SilenceWatch } from './silence-watch.ts'
import { SinkPatience } from './sink-patience.ts'
import type { Sink } from './sinks/sink.ts'
import { SUBSCRIBER_EVENTS, type SubscriberEvents } from './subscriber-events.ts'
import type { SubscriberState } from './subscriber-state.ts'

/** Options of {@link Subscriber.open}. */
export interface SubscriberOptions extends EndpointChoice, Omit<SocketOptions, 'bind' | 'connect'> {
  /** Topics (`numbers/random`) and whole kinds (`video/`) to receive, of any kinds; at least one. Each has accounts of its own. */
  readonly topics: readonly string[]
  /** Topics that whole kinds may bring, 1 to 65,536; further ones are refused, and counted as invalid. Default 256. */
  readonly maxTopics?: number | undefined
  /**
   * The policy for values that arrive faster than they are consumed. Default: the usual policy of each kind, `all` for
   * numbers and `latest` for video; kinds then take turns, so that a busy one cannot hide another.
   */
  readonly delivery?: DeliveryPolicy | undefined
  /** The memory limit of delivery `all`, in bytes. Default 256 MiB. */
  readonly maxMemoryBytes?: number | undefined
  /**
   * `auto` receives, in place of each stream of pictures named in `topics`, the largest of its renditions of which the
   * network carries 15 pictures a second, or all if there are fewer: smaller within 3 s, larger after 10 s of room.
   * Default: the stream itself.
   */
  readonly rendition?: 'auto' | undefined
  /** Receives reports of refused messages; the caller limits the rate. Default: no reports. */
  readonly log?: Log
  /** Default: the transport that the endpoints name, without keys. */
  readonly transport?: Transport
  /** The format of the messages. Default: the wire format, version 1. */
  readonly codec?: Codec
}

/** Options of {@link Subscriber.run}. */
export interface RunOptions {
  /** Ends the run at once; values still waiting are counted as pending. */
  readonly signal?: AbortSignal | undefined
  /** Ends the run after this many values. Default: never. */
  readonly maxValues?: number | undefined
  /** The failures in this process, for sinks that show them to people. Default none. */
  readonly notices?: NoticeBoard | undefined
  /** Called once the sink is open, before anything is delivered to it; not when it cannot be opened. */
  readonly onOpen?: (() => void) | undefined
}

/**
 * Receives its topics, keeps exact accounts of what came and what did not, and delivers by its policy. It survives the
 * end of a publisher, and continues when one is back.
 */
export class Subscriber implements AsyncIterable<Envelope> {
  /** Counts, rates and latencies, kept up to date. */
  readonly statistics: Statistics
  readonly #socket: SubscribeSocket
  readonly #options: SubscriberOptions
  readonly #intake: Intake
  readonly #complete: Codec['complete']
  readonly #delivery: Delivery
  readonly #listeners = new Listeners<SubscriberEvents>(SUBSCRIBER_EVENTS)
  readonly #losses = new LossWatch()
  readonly #networkNotices = new NetworkNotices()
  readonly #lanes: LaneSubscriptions
  readonly #renditions: Renditions
  readonly #renditionTopics: RenditionTopics
  readonly #silence: SilenceWatch
  readonly #pump: Promise<void>
  #state: SubscriberState = 'connecting'
  /** The state while it is not paused. */
  #awakeState: SubscriberState = 'connecting'
  #pausedAtMs: number | undefined
  #failure: unknown
  #wake: () => void = () => undefined
  #isConsumed = false
  #patience = new SinkPatience()

  /**
   * Opens a subscriber and starts to receive.
   *
   * @throws {@link OptionError} `ERR_TOPIC` when a topic breaks the naming rules or there is none, `ERR_ENDPOINT` when
   *   there is no endpoint, `ERR_OPTION` when the delivery policy is unknown.
   * @throws {@link EndpointError} when an endpoint cannot be parsed or bound.
   *
   * @example
   * ```ts
   * import { Publisher } from '@zcast/publisher'
   * import { Subscriber } from '@zcast/subscribers'
   *
   * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
   * const imu = publisher.topic('numbers/imu')
   * const subscriber = await Subscriber.open({ connect: publisher.endpoints, topics: ['numbers/imu'] })
   * await imu.untilWatched()
   * await imu.send([0.1, 0.2, 9.8])
   * for await (const { topic, block } of subscriber) {
   *   console.log(topic, block.seq, block.data)
   *   break
   * }
   * await subscriber.close()
   * await publisher.close()
   * ```
   */
  static async open(options: SubscriberOptions): Promise<Subscriber> {
    const endpoints = listEndpoints(options)
    if (!Array.isArray(options.topics) || options.topics.length === 0)
      throw new OptionError('name a topic to receive', { code: 'ERR_TOPIC' })
    for (const topic of options.topics) checkSubscription(topic)
    if (options.delivery !== undefined) parseDeliveryPolicy(options.delivery)
    const transport = options.transport ?? (await openTransport([...endpoints.bind, ...endpoints.connect]))
    return new Subscriber(await transport.openSubscribe({ ...options, ...endpoints }), options)
  }

  private constructor(socket: SubscribeSocket, options: SubscriberOptions) {
    this.#socket = socket
    this.#options = options
    const { topics, delivery, maxMemoryBytes, log } = options
    const codec: Codec = options.codec ?? new MsgpackCodec()
    this.statistics = new Statistics(codec.isNumbered)
    this.#complete = codec.complete?.bind(codec)
    this.#delivery = new Delivery(this.statistics, delivery, maxMemoryBytes, (held) =>
      held ? socket.subscribe(HOLD_PREFIX) : socket.unsubscribe(HOLD_PREFIX),
    )
    this.#intake = new Intake({
      topics,
      maxTopics: options.maxTopics,
      wants: (topic) => this.#renditionTopics.has(topic),
      codec,
      statistics: this.statistics,
      log,
      onFresh: (envelope, accounts) => this.#deliver(envelope, accounts),
      onHeard: (envelope) => this.#hear(envelope),
      onAnswer: (envelope, lane) => this.#lanes.answered(envelope, lane),
      onRead: (envelope, lane, accounts) => {
        this.#tellLoss(envelope.topic, accounts)
        this.#lanes.arrived(envelope, lane, accounts.sequence.shared)
        this.#wake()
      },
    })
    this.#silence = new SilenceWatch(
      options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS,
      () => {
        if (this.#state === 'live') this.#setState('stale')
      },
      () => {
        if (this.#state === 'stale') this.#subscribeAnew()
      },
    )
    this.#lanes = new LaneSubscriptions(this.#intake.prefixes, codec.hasLanes, {
      socket,
      startsOnLanes: isOneFarPublisher(options),
      hasServer: hasServer(options),
      staysOnTopics: delivery === 'all',
      onNetwork: (topic, network) => this.#setNetwork(topic, network),
    })
    this.#renditionTopics = new RenditionTopics(this.statistics, this.#lanes)
    this.#renditions = new Renditions(options.rendition === 'auto' ? topics : [], {
      open: (...opened) => this.#renditionTopics.open(...opened),
      close: (topic) => this.#renditionTopics.close(topic),
      onChange: (stream) => this.#setRendition(stream),
    })
    socket.onPeerState((state) => {
      this.#silence.restart()
      this.#lanes.connected(state === 'connected')
      this.#awakeState = state === 'connected' ? 'live' : state
      if (this.#pausedAtMs === undefined) this.#setState(this.#awakeState)
    })
    this.#pump = this.#receiveAll()
  }

  /** The endpoints it connects to or listens on, with the port that was chosen for `*`. */
  get endpoints(): readonly string[] {
    return this.#socket.endpoints
  }

  /** The current state. */
  get state(): SubscriberState {
    return this.#state
  }

  /**
   * Calls `listener` with each event of a kind from now on: `state`, `loss`, `network` or `rendition`.
   *
   * @returns A function that removes the listener.
   * @throws {@link OptionError} `ERR_OPTION` when there is no such event.
   *
   * @example
   * ```ts
   * import { Subscriber } from '@zcast/subscribers'
   *
   * const connect = 'tcp://127.0.0.1:5556'
   * const subscriber = await Subscriber.open({ connect, topics: ['numbers/imu'] })
   * const stop = subscriber.on('loss', ({ topic, lost }) => {
   *   console.log(`${lost} values of ${topic} were lost`)
   * })
   * stop()
   * await subscriber.close()
   * ```
   */
  on<Event extends keyof SubscriberEvents>(
    event: Event,
    listener: (told: SubscriberEvents[Event]) => void,
  ): () => void {
    return this.#listeners.on(event, listener)
  }

  /** The automatically chosen renditions of a stream; `undefined` when they are not chosen automatically. */
  renditions(topic: string): RenditionStream | undefined {
    return this.#renditions.of(topic)
  }

  /**
   * Delivers to a sink until the signal aborts, the given number of values is reached, or `close` is called. Opens the
   * sink first and closes it at the end, whatever happens. At the end it waits at most a second for a sink that takes
   * nothing.
   *
   * @throws {@link OptionError} `ERR_OPTION` when something else is already taking the values.
   * @throws {@link StreamError} `ERR_MEMORY_LIMIT` as soon as delivery `all` cannot keep up: values still waiting are
   *   counted as pending. Also any error of the sink.
   */
  async run(sink: Sink, options: RunOptions = {}): Promise<void> {
    const { signal, maxValues = Number.POSITIVE_INFINITY, notices } = options
    const complete = sink.isCounting ? undefined : this.#complete
    let remaining = maxValues
    const release = this.#consume()
    const patience = (this.#patience = new SinkPatience())
    const end = (): void => {
      patience.hurry()
      this.#wake()
    }
    const isStopped = (): boolean => signal?.aborted ?? false
    signal?.addEventListener('abort', end)
    try {
      // A run that ends after a number of values must not wait for a viewer.
      const subscription = options.maxValues === undefined ? this : undefined
      const { log } = this.#options
      await sink.open({
        statistics: this.statistics,
        state: () => this.state,
        subscription,
        renditions: (topic) => this.renditions(topic),
        log,
        notices,
      })
      options.onOpen?.()
      while (remaining > 0 && !isStopped()) {
        const envelope = this.#take(remaining)
        if (envelope) {
          remaining -= valueCount(envelope.block)
          const written = sink.write(complete ? await complete(envelope) : envelope)
          if (written) await patience.wait(written)
        } else if (!(await this.#more(signal))) break
      }
    } finally {
      signal?.removeEventListener('abort', end)
      release()
      await sink.close()
    }
  }

  /**
   * Cancels its subscriptions, so that a publisher without another subscriber stops working; the state is `idle`. The
   * connections stay. Values in transit may still come, and are then counted.
   */
  pause(): void {
    if (this.#pausedAtMs !== undefined || this.#state === 'closed') return
    this.#pausedAtMs = performance.now()
    this.#lanes.pause()
    this.#setState('idle')
  }

  /** Subscribes again after {@link pause}. Values sent in between count neither as received nor as lost. */
  resume(): void {
    if (this.#pausedAtMs === undefined || this.#state === 'closed') return
    const pausedMs = performance.now() - this.#pausedAtMs
    this.#pausedAtMs = undefined
    this.#silence.restart()
    for (const { sequence } of this.statistics.topics.values()) sequence.rejoin(pausedMs)
    this.#lanes.resume()
    this.#setState(this.#awakeState)
  }

  /** A subscription that was damaged on its way would subscribe to something else, and nobody would ever notice. */
  #subscribeAnew(): void {
    this.#lanes.pause()
    this.#lanes.resume()
    // Its publisher may no longer have any of them.
    this.#renditions.turnBack()
  }

  #deliver(received: Envelope, accounts: TopicStatistics): void {
    const envelope = this.#renditions.take(received, performance.now())
    if (envelope) this.#delivery.add(envelope, accounts)
    else accounts.skipped += valueCount(received.block)
  }

  #setRendition(stream: RenditionStream): void {
    const { topic, chosen, reading } = stream
    const accounts = this.statistics.topic(topic)
    const rendition = nameOf(chosen)
    if (rendition === accounts.rendition) return
    const isSmaller = isSmallerRendition(rendition, accounts.rendition)
    accounts.rendition = rendition
    if (isSmaller && reading)
      this.#options.log?.warning(tellRendition(topic, chosen, reading), undefined, `rendition ${topic}`)
    this.#listeners.tell('rendition', { topic, rendition })
  }

  /**
   * The envelopes as they are delivered; ends after `close`. One consumer at a time.
   *
   * @throws {@link OptionError} `ERR_OPTION` when something else is already taking the values.
   * @throws {@link StreamError} `ERR_MEMORY_LIMIT` when delivery `all` cannot keep up.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Envelope> {
    const release = this.#consume()
    const takeNext = (): Envelope | undefined => this.#take(Number.POSITIVE_INFINITY)
    try {
      do {
        for (let envelope = takeNext(); envelope; envelope = takeNext())
          yield this.#complete ? await this.#complete(envelope) : envelope
      } while (await this.#more())
    } finally {
      release()
    }
  }

  /** Stops receiving and frees the socket. Undelivered values stay counted as pending. May be called twice. */
  async close(): Promise<void> {
    this.#silence.close()
    this.#lanes.close()
    this.#delivery.end()
    await this.#socket.close()
    await this.#pump
    this.#setState('closed')
    this.#wake()
  }

  /** Closes the subscriber. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #receiveAll(): Promise<void> {
    try {
      for await (const message of this.#socket.messages()) {
        this.#intake.take(message)
        this.#delivery.added()
      }
    } catch (error) {
      this.#failure = error
      this.#silence.close()
      this.#patience.hurry()
      await this.#socket.close()
    }
    this.#wake()
  }

  #setNetwork(topic: string, network: NetworkReading | undefined): void {
    const accounts = this.statistics.topic(topic)
    accounts.network = network
    const stream = this.#renditions.of(topic)
    // When there is a smaller rendition, it is chosen and reported; it may be enough.
    const isOwnMatter = stream && stream.names.length > 0 && !(stream.isSmallest && isTooFew(network))
    const advice = this.#networkNotices.take(topic, isOwnMatter ? undefined : network, performance.now())
    if (advice !== undefined) this.#options.log?.warning(advice, undefined, `slow ${topic}`)
    this.#listeners.tell('network', { topic, network })
  }

  #tellLoss(topic: string, accounts: TopicStatistics): void {
    if (!this.#listeners.has('loss')) return
    const loss = this.#losses.see(topic, accounts.sequence.totals().lost)
    if (loss) this.#listeners.tell('loss', loss)
  }

  #hear({ retained }: Envelope): void {
    this.#silence.hear(retained)
    if (this.#state === 'stale') this.#setState('live')
  }

  #consume(): () => void {
    if (this.#isConsumed) {
      throw new OptionError(
        'something is already taking the values of this subscriber: end that first, or open another subscriber',
      )
    }
    this.#isConsumed = true
    return () => (this.#isConsumed = false)
  }

  #take(maxValues: number): Envelope | undefined {
    return this.#state === 'closed' || this.#failure !== undefined
      ? undefined
      : this.#delivery.take(maxValues)
  }

  /** Waits until there may be something to take. @returns True when it is worth trying again. */
  async #more(signal?: AbortSignal): Promise<boolean> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#state === 'closed' || signal?.aborted) return false
    await new Promise<void>((resolve) => (this.#wake = resolve))
    return true
  }

  #setState(state: SubscriberState): void {
    if (state === this.#state || this.#state === 'closed') return
    this.#state = state
    this.#listeners.tell('state', state)
  }
}

/** True when a NATS server is between this end and all publishers. */
function hasServer(options: SubscriberOptions): boolean {
  return listEndpoints(options).connect.some((endpoint) => parseEndpoint(endpoint).transport === 'nats')
}

/** True when everything comes from one publisher, over a network that may be slow. */
function isOneFarPublisher(options: SubscriberOptions): boolean {
  const { bind, connect } = listEndpoints(options)
  return bind.length === 0 && connect.length === 1 && !isLoopback(parseEndpoint(connect[0] as string))
}
