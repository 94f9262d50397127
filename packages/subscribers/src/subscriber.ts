import {
  checkSubscription,
  createDeliveryQueue,
  DEFAULT_HEARTBEAT_MS,
  DEFAULT_MAX_MEMORY_BYTES,
  HOLD_PREFIX,
  decodeTopic,
  isRejection,
  matchesSubscription,
  MsgpackCodec,
  OptionError,
  sliceRows,
  Statistics,
  valueCount,
  wallClock,
  ZeromqTransport,
  type Codec,
  type DeliveryPolicy,
  type DeliveryQueue,
  type Envelope,
  type Log,
  type Message,
  type NetworkReading,
  type SocketOptions,
  type SubscribeSocket,
  type TopicStatistics,
  type Transport,
} from '@zcast/shared'
import { HoldRequest } from './hold-request.ts'
import { adviseOnNetwork, tellRendition } from './lane/describe-network.ts'
import { laneOf, LaneSubscriptions, takeOffLane } from './lane/lane-subscriptions.ts'
import { isSmallerRendition, nameOf, Renditions } from './rendition/renditions.ts'
import { isTooFew } from './rendition/rendition-chooser.ts'
import type { RenditionStream } from './rendition/rendition-stream.ts'
import { SilenceWatch } from './silence-watch.ts'
import { SinkPatience } from './sink-patience.ts'
import type { Sink } from './sinks/sink.ts'
import type { SubscriberState } from './subscriber-state.ts'

/** Options of {@link Subscriber.open}. */
export interface SubscriberOptions extends SocketOptions {
  /** Topics (`numbers/random`) or whole kinds (`video/`) to receive; at least one. */
  readonly topics: readonly string[]
  /** What happens to values that arrive faster than they are consumed. */
  readonly delivery: DeliveryPolicy
  /** The memory that delivery `all` may use, in bytes. Default 256 MiB. */
  readonly maxMemoryBytes?: number | undefined
  /**
   * `auto` receives, in place of each stream of pictures named in `topics`, the largest of its renditions of which the network
   * carries 15 pictures a second, or all where there are fewer: smaller within 3 s, larger after 10 s of room. Default: what
   * was asked for.
   */
  readonly rendition?: 'auto' | undefined
  /** Where refused messages are reported; the caller limits the rate. Default: nowhere. */
  readonly log?: Log
  /** Default ZeroMQ. */
  readonly transport?: Transport
  /** Default the wire format, version 1. */
  readonly codec?: Codec
}

/** Options of {@link Subscriber.run}. */
export interface RunOptions {
  /** Ends the run at once; what is still waiting stays counted as pending. */
  readonly signal?: AbortSignal | undefined
  /** Ends the run after so many values. Default: never. */
  readonly maxValues?: number | undefined
}

/** Topics tracked at once; messages on further ones are refused, so that a hostile peer cannot fill the memory. */
const MAX_TOPICS = 256

/** The share of the memory of delivery `all` that may wait for a slow consumer before publishers are asked to wait. */
const HOLD_SHARE = 1 / 16

/**
 * Receives the topics it asked for, keeps exact accounts of what came and what did not, and delivers by its policy.
 * It survives the publisher's end, and goes on when one is there again.
 */
export class Subscriber implements AsyncIterable<Envelope> {
  /** Counts, rates and latencies, kept up to date. */
  readonly statistics = new Statistics()
  readonly #socket: SubscribeSocket
  readonly #codec: Codec
  readonly #options: SubscriberOptions
  readonly #queue: DeliveryQueue
  readonly #hold: HoldRequest
  readonly #stateListeners: ((state: SubscriberState) => void)[] = []
  readonly #networkListeners: ((topic: string, network: NetworkReading | undefined) => void)[] = []
  readonly #renditionListeners: ((topic: string, rendition: string | undefined) => void)[] = []
  readonly #lanes: LaneSubscriptions
  /** What is subscribed to, or is again after a pause. */
  readonly #topics: Set<string>
  readonly #renditions: Renditions
  /** When each topic was left that may be subscribed to again. */
  readonly #leftAtMs = new Map<string, number>()
  readonly #silence: SilenceWatch
  readonly #pump: Promise<void>
  #state: SubscriberState = 'connecting'
  /** What the state is while it is not paused. */
  #awakeState: SubscriberState = 'connecting'
  #pausedAtMs: number | undefined
  #failure: unknown
  /** The rest of a block of which only some rows were asked for. */
  #rest: Envelope | undefined
  #wake: () => void = () => undefined
  #patience = new SinkPatience()

  /**
   * Opens a subscriber and starts to receive.
   *
   * @throws {@link OptionError} `ERR_TOPIC` when a topic breaks the naming rules or there is none, `ERR_OPTION` when
   *   the delivery policy is none.
   * @throws {@link EndpointError} when an endpoint cannot be parsed or bound.
   */
  static async open(options: SubscriberOptions): Promise<Subscriber> {
    if (options.topics.length === 0) throw new OptionError('name a topic to receive', { code: 'ERR_TOPIC' })
    for (const topic of options.topics) checkSubscription(topic)
    const queue = createDeliveryQueue(options.delivery, options.maxMemoryBytes)
    const socket = await (options.transport ?? new ZeromqTransport()).openSubscribe(options)
    return new Subscriber(socket, queue, options)
  }

  private constructor(socket: SubscribeSocket, queue: DeliveryQueue, options: SubscriberOptions) {
    this.#socket = socket
    this.#options = options
    this.#codec = options.codec ?? new MsgpackCodec()
    this.#queue = queue
    this.#silence = new SilenceWatch(
      options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS,
      () => {
        if (this.#state === 'live') this.#setState('stale')
      },
      () => {
        if (this.#state === 'stale') this.#subscribeAnew()
      },
    )
    this.#lanes = new LaneSubscriptions(options.topics, socket, (topic, network) =>
      this.#setNetwork(topic, network),
    )
    socket.onPeerState((state) => {
      this.#silence.restart()
      if (state !== 'connected') this.#lanes.leave()
      this.#awakeState = state === 'connected' ? 'live' : state
      if (this.#pausedAtMs === undefined) this.#setState(this.#awakeState)
    })
    this.#hold = new HoldRequest(
      () => queue.waitingBytes,
      (options.maxMemoryBytes ?? DEFAULT_MAX_MEMORY_BYTES) * HOLD_SHARE,
      (held) => (held ? socket.subscribe(HOLD_PREFIX) : socket.unsubscribe(HOLD_PREFIX)),
    )
    this.#topics = new Set(options.topics)
    this.#renditions = new Renditions(options.rendition === 'auto' ? options.topics : [], {
      open: (topic, stream, laneEpoch) => this.#openTopic(topic, stream, laneEpoch),
      close: (topic) => this.#closeTopic(topic),
      onChange: (stream) => this.#setRendition(stream),
    })
    for (const topic of this.#topics) socket.subscribe(topic)
    this.#pump = this.#receiveAll()
  }

  /** Where it connects to or listens, with the port that was chosen where `*` was asked for. */
  get endpoints(): readonly string[] {
    return this.#socket.endpoints
  }

  /** What it is doing now. */
  get state(): SubscriberState {
    return this.#state
  }

  /** Calls `listener` after each change of state. */
  onState(listener: (state: SubscriberState) => void): void {
    this.#stateListeners.push(listener)
  }

  /**
   * Calls `listener` when the network turns out to carry less of a topic of pictures than is sent, with what it carries, as
   * that changes, and with `undefined` once it carries it again. The pictures that come are fresh all the same.
   */
  onNetwork(listener: (topic: string, network: NetworkReading | undefined) => void): void {
    this.#networkListeners.push(listener)
  }

  /**
   * Calls `listener` when another rendition of a stream is received in its place, with the topic that was asked for;
   * `undefined` is the stream as it is. Only with the option `rendition`.
   */
  onRendition(listener: (topic: string, rendition: string | undefined) => void): void {
    this.#renditionListeners.push(listener)
  }

  /** The renditions of a stream that choose themselves; `undefined` where they do not. */
  renditions(topic: string): RenditionStream | undefined {
    return this.#renditions.of(topic)
  }

  /**
   * Delivers to a sink until the signal, the given number of values, or `close`. Opens the sink first and closes it
   * at the end, whatever happens. At the end a sink that takes nothing is waited for for a second at the most.
   *
   * @throws {@link StreamError} `ERR_MEMORY_LIMIT` as soon as delivery `all` cannot keep up: what is still waiting stays
   *   counted as pending. Whatever the sink throws.
   */
  async run(sink: Sink, options: RunOptions = {}): Promise<void> {
    const { signal, maxValues = Number.POSITIVE_INFINITY } = options
    let remaining = maxValues
    const patience = (this.#patience = new SinkPatience())
    const end = (): void => {
      patience.hurry()
      this.#wake()
    }
    const isStopped = (): boolean => signal?.aborted ?? false
    signal?.addEventListener('abort', end)
    try {
      // A run that ends by what was delivered must not wait for somebody to look.
      const subscription = options.maxValues === undefined ? this : undefined
      const { log } = this.#options
      const renditions = (topic: string): RenditionStream | undefined => this.#renditions.of(topic)
      await sink.open({ statistics: this.statistics, state: () => this.state, subscription, renditions, log })
      while (remaining > 0 && !isStopped()) {
        const envelope = this.#take(remaining)
        if (envelope) {
          remaining -= valueCount(envelope.block)
          const written = sink.write(envelope)
          if (written) await patience.wait(written)
        } else if (!(await this.#more(signal))) break
      }
    } finally {
      signal?.removeEventListener('abort', end)
      await sink.close()
    }
  }

  /**
   * Takes its subscriptions back, so that a publisher without another subscriber stops working; the state is `idle`.
   * The connections stay. What is on its way already may still come, and is counted then.
   */
  pause(): void {
    if (this.#pausedAtMs !== undefined || this.#state === 'closed') return
    this.#pausedAtMs = performance.now()
    this.#lanes.leave()
    for (const topic of this.#topics) this.#socket.unsubscribe(topic)
    this.#setState('idle')
  }

  /** Subscribes again after {@link pause}. What was sent in between counts neither as received nor as lost. */
  resume(): void {
    if (this.#pausedAtMs === undefined || this.#state === 'closed') return
    const pausedMs = performance.now() - this.#pausedAtMs
    this.#pausedAtMs = undefined
    this.#silence.restart()
    for (const { sequence } of this.statistics.topics.values()) sequence.rejoin(pausedMs)
    for (const topic of this.#topics) this.#socket.subscribe(topic)
    this.#setState(this.#awakeState)
  }

  /** A subscription that was damaged on its way asks for something else, and nobody would ever notice. */
  #subscribeAnew(): void {
    this.#lanes.leave()
    for (const topic of this.#topics) {
      this.#socket.unsubscribe(topic)
      this.#socket.subscribe(topic)
    }
    // Its publisher may have none of them any more.
    this.#renditions.turnBack()
  }

  #openTopic(topic: string, stream: string, laneEpoch: number | undefined): void {
    const leftAtMs = this.#leftAtMs.get(topic)
    this.#leftAtMs.delete(topic)
    if (leftAtMs !== undefined) this.statistics.topic(topic).sequence.rejoin(performance.now() - leftAtMs)
    if (topic !== stream) this.statistics.topic(topic).stream = this.statistics.topic(stream)
    this.#topics.add(topic)
    const isPaused = this.#pausedAtMs !== undefined
    const isShared = this.statistics.topic(stream).sequence.shared
    this.#lanes.add(topic, isPaused || isShared ? undefined : laneEpoch)
    if (isPaused) this.#socket.unsubscribe(topic)
  }

  #closeTopic(topic: string): void {
    // Nothing is subscribed to in a pause, and so there is nothing to take back.
    if (this.#pausedAtMs !== undefined) this.#socket.subscribe(topic)
    this.#lanes.remove(topic)
    this.#topics.delete(topic)
    const accounts = this.statistics.topics.get(topic)
    if (!accounts) return
    accounts.network = undefined
    this.#leftAtMs.set(topic, performance.now())
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
    for (const listener of this.#renditionListeners) listener(topic, rendition)
  }

  /** The envelopes as they are delivered; ends after `close`. One consumer at a time. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Envelope> {
    do {
      for (
        let envelope = this.#take(Number.POSITIVE_INFINITY);
        envelope;
        envelope = this.#take(Number.POSITIVE_INFINITY)
      ) {
        yield envelope
      }
    } while (await this.#more())
  }

  /** Stops receiving and frees the socket. What has not been delivered stays counted as pending. May be called twice. */
  async close(): Promise<void> {
    this.#silence.close()
    this.#lanes.close()
    this.#hold.end()
    await this.#socket.close()
    await this.#pump
    this.#setState('closed')
    this.#wake()
  }

  /** Closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #receiveAll(): Promise<void> {
    try {
      for await (const message of this.#socket.messages()) {
        this.#receive(message)
        this.#hold.added()
      }
    } catch (error) {
      this.#failure = error
      this.#silence.close()
      this.#patience.hurry()
      await this.#socket.close()
    }
    this.#wake()
  }

  #receive(received: Message): void {
    const lane = received[0] && laneOf(received[0])
    const message = lane === undefined ? received : takeOffLane(received)
    const topic = message[0] && decodeTopic(message[0])
    if (topic === undefined) {
      // The socket hands on everything that a publisher sends: what nobody here asked for is none of ours.
      if (this.#beginsAsWanted(message[0])) this.#refuse('the topic breaks the naming rules')
      return
    }
    // The prefix filter lets longer topics through; one that is well-formed is somebody else's.
    if (!this.#wanted(topic)) return
    if (!this.statistics.topics.has(topic) && this.statistics.topics.size >= MAX_TOPICS) {
      return this.#refuse(`more than ${MAX_TOPICS} topics`)
    }
    const accounts = this.statistics.topic(topic)
    const result = this.#codec.decode(message)
    if (isRejection(result)) {
      accounts[result.rejected] += 1
      this.#options.log?.warning(`dropped a message on ${topic}: ${result.reason}`, undefined, result.reason)
      return
    }
    this.#account(result, accounts, lane)
    if (result.block.kind === 'video') this.#lanes.arrived(result, lane, accounts.sequence.shared)
    this.#wake()
  }

  #beginsAsWanted(topic: Uint8Array = Buffer.alloc(0)): boolean {
    const text = Buffer.from(topic.buffer, topic.byteOffset, topic.byteLength).toString('latin1')
    return this.#options.topics.some((subscription) => text.startsWith(subscription))
  }

  #wanted(topic: string): boolean {
    for (const subscription of this.#topics) if (matchesSubscription(topic, subscription)) return true
    // What was left may be on its way still; it belongs to its accounts.
    return this.#leftAtMs.has(topic)
  }

  /** Drops a message that belongs to no topic's accounts. */
  #refuse(reason: string): void {
    this.statistics.invalid += 1
    this.#options.log?.warning(`dropped a message: ${reason}`)
  }

  #account(envelope: Envelope, accounts: TopicStatistics, lane?: string): void {
    const { block, epoch } = envelope
    accounts.recordSize(block)
    if (epoch === undefined || block.seq === undefined) {
      accounts.unsequenced += valueCount(block)
      this.#hear(envelope)
      this.#enqueue(envelope, accounts)
      return
    }
    const wasShared = accounts.sequence.shared
    const wasBack = accounts.duplicate > 0 || accounts.sequence.hasBegunAgain
    // On a lane comes what may have come on the topic before.
    const isSentAgain = envelope.retained === true || lane !== undefined
    const withheld = lane === undefined ? 0 : envelope.withheld
    const ranges = accounts.sequence.accept(epoch, block.seq, valueCount(block), isSentAgain, withheld)
    if (!isSentAgain) this.#countDuplicates(envelope, ranges, accounts)
    // What came before says nothing of the stream: it is resent whenever somebody else joins.
    if (ranges.length > 0) this.#hear(envelope)
    for (const { start, count } of ranges) {
      const part = block.kind === 'numbers' ? sliceRows(block, start - block.seq, count) : block
      this.#enqueue(part === block ? envelope : { ...envelope, block: part }, accounts)
    }
    if (!wasShared && accounts.sequence.shared) {
      this.#options.log?.warning(
        `two publishers use the topic ${envelope.topic}: give each stream a name of its own`,
      )
    }
    const isBack = accounts.duplicate > 0 || accounts.sequence.hasBegunAgain
    if (isBack && !wasBack) {
      this.#options.log?.warning(
        `${envelope.topic} goes back to numbers that it had, and values under the number of another are dropped: its publisher was started again with the same epoch, or two have one epoch, or it is received twice; let each start draw a new epoch`,
      )
    }
  }

  /** Nobody sends a value twice without marking it: what has the number of another is probably a value of its own. */
  #countDuplicates(
    { block }: Envelope,
    fresh: readonly { readonly count: number }[],
    accounts: TopicStatistics,
  ): void {
    let duplicate = valueCount(block)
    for (const { count } of fresh) duplicate -= count
    accounts.duplicate += duplicate
  }

  #setNetwork(topic: string, network: NetworkReading | undefined): void {
    const accounts = this.statistics.topic(topic)
    const wasSlow = accounts.network !== undefined
    accounts.network = network
    const stream = this.#renditions.of(topic)
    // Where there is a smaller one it is taken, and that is told; it may be enough.
    const isOwnMatter = stream && stream.names.length > 0 && !(stream.isSmallest && isTooFew(network))
    if (network && !wasSlow && !isOwnMatter)
      this.#options.log?.warning(adviseOnNetwork(topic, network), undefined, `slow ${topic}`)
    for (const listener of this.#networkListeners) listener(topic, network)
  }

  #hear({ retained }: Envelope): void {
    this.#silence.hear(retained)
    if (this.#state === 'stale') this.#setState('live')
  }

  #enqueue(received: Envelope, accounts: TopicStatistics): void {
    const envelope = this.#renditions.take(received, performance.now())
    if (!envelope) {
      accounts.skipped += valueCount(received.block)
      return
    }
    const passedOver = this.#queue.push(envelope)
    if (!passedOver) return
    const owner = passedOver.topic === envelope.topic ? accounts : this.statistics.topic(passedOver.topic)
    owner.skipped += valueCount(passedOver.block)
  }

  /** Takes the next envelope out, cut to `maxValues` values. */
  #take(maxValues: number): Envelope | undefined {
    if (this.#state === 'closed' || this.#failure !== undefined) return undefined
    let envelope = this.#rest ?? this.#queue.shift()
    this.#rest = undefined
    if (!envelope) return undefined
    this.#hold.took()
    const { block } = envelope
    if (block.kind === 'numbers' && block.rows > maxValues) {
      this.#rest = { ...envelope, block: sliceRows(block, maxValues, block.rows - maxValues) }
      envelope = { ...envelope, block: sliceRows(block, 0, maxValues) }
    }
    this.#recordDelivery(envelope)
    return envelope
  }

  #recordDelivery({ topic, retained, block }: Envelope): void {
    const latencyMs = retained ? undefined : (wallClock() - block.time) * 1000
    this.statistics.recordDelivery(
      this.statistics.topic(topic),
      valueCount(block),
      latencyMs,
      performance.now(),
    )
  }

  /** Waits until there may be something to take. @returns Whether there is a point in trying again. */
  async #more(signal?: AbortSignal): Promise<boolean> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#state === 'closed' || signal?.aborted) return false
    await new Promise<void>((resolve) => (this.#wake = resolve))
    return true
  }

  #setState(state: SubscriberState): void {
    if (state === this.#state || this.#state === 'closed') return
    this.#state = state
    for (const listener of this.#stateListeners) listener(state)
  }
}
