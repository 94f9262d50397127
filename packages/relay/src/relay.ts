import { randomBytes } from 'node:crypto'
import { Publisher, type PublisherRoute } from '@zcast/publisher'
import {
  type BlockKind,
  type Codec,
  type EndpointChoice,
  type Log,
  type Message,
  openTransport,
  parseTopic,
  type PeerState,
  type SocketOptions,
  Statistics,
  type Transport,
} from '@zcast/shared'
import {
  HOLD_PREFIX,
  isKind,
  isTopicsRequest,
  LANE_PREFIX,
  listEndpoints,
  Numbering,
} from '@zcast/shared/internal'
import { HoldRequest, KnownLabels } from '@zcast/subscribers/internal'
import { LoopWatch } from './loop-watch.ts'
import { isMeant, type MaxRate, RateLimit } from './max-rate.ts'
import { OtherFormat } from './other-format.ts'
import { type Carries, carriesOf, queueFor } from './queue-choice.ts'
import { RawOutbox } from './raw-outbox.ts'
import { type CarriedEnvelope, RelayCodec } from './relay-codec.ts'
import { type RelayCounts, type RelayReport, sumCounts } from './relay-report.ts'
import { RelayedTopic } from './relayed-topic.ts'
import { TappedTransport } from './tapped-transport.ts'
import { type RelaySource, Upstream } from './upstream.ts'
import { wishesOf } from './wishes.ts'

/** Options of {@link Relay.open}. */
export interface RelayOptions extends EndpointChoice, Pick<SocketOptions, 'heartbeatMs' | 'maxMessageBytes'> {
  /** Where values come from; at least one. */
  readonly from: readonly RelaySource[]
  /** For those below. Default: the transport that the endpoints name, without keys. */
  readonly transport?: Transport | undefined
  /** The format for those below. Default: the wire format, version 1. */
  readonly codec?: Codec | undefined
  /** With `codec`, the kinds of streams that its format carries; no others are handed on. Default: numbers and video. */
  readonly kinds?: readonly BlockKind[] | undefined
  /** With `codec`, true when its messages do not name their stream: only the first one is handed on. Default false. */
  readonly isNameless?: boolean | undefined
  /**
   * `all` loses nothing but pictures: it waits for the slowest subscriber below, and asks publishers above that may lose
   * nothing to wait. Default: a subscriber whose queue is full misses what does not fit.
   */
  readonly delivery?: 'all' | undefined
  /** The most values a second of some topics. The first that applies to a topic counts. Default: no limit. */
  readonly maxRates?: readonly MaxRate[] | undefined
  /** Makes the queues for those below. Default: what the publishers above say within half a second. */
  readonly carries?: Carries | undefined
  /** Receives reports of what goes wrong. Default: no reports. */
  readonly log?: Log | undefined
  /** Called when a publisher above connects, refuses this end, or is gone. */
  readonly onState?: ((endpoints: readonly string[], state: PeerState) => void) | undefined
}

/** The most topics that are counted; further ones are passed on as they come. */
const MAX_TOPICS = 256

/** One subscriber below must not use up what the publishers above allow to all of theirs (5000). */
const MAX_PREFIXES = 1000

const TOO_MANY = `more than ${MAX_PREFIXES} different subscriptions below this relay: further ones are not asked for above`

/** Writes the messages of topics that are not counted. */
const PASSING = new RelayCodec()

/** A message that has passed as many relays goes round in a circle. */
const MAX_HOPS = 16

/** The time for publishers above to say what they have, before the queues below are made. */
const ANSWER_WITHIN_MS = 500
const LOOK_EVERY_MS = 20

/** Bytes that wait to be sent before publishers above are asked to wait. */
const HOLD_ABOVE_BYTES = 16 * 1024 * 1024

/**
 * Takes what is asked for below from the publishers above, once, and hands it to all who asked. Nothing is renumbered,
 * and nothing is taken that nobody asked for.
 */
export class Relay {
  readonly #options: RelayOptions
  readonly #publisher: Publisher
  readonly #socket: TappedTransport
  readonly #upstreams: readonly Upstream[]
  readonly #loops: LoopWatch
  readonly #raw: RawOutbox
  /** Where those below read the format of another program. */
  readonly #format: OtherFormat | undefined
  readonly #numbering = new Numbering()
  readonly #labels = new KnownLabels()
  readonly #statistics = new Statistics()
  readonly #topics = new Map<string, RelayedTopic>()
  /** Topics that some publisher above says it has. */
  #offered = new Set<string>()
  /** What is asked for below. */
  readonly #prefixes = new Set<string>()
  readonly #watched = new Set<string>()
  readonly #hold: HoldRequest
  readonly #holding = new Set<'below' | 'here'>()
  #waitingBytes = 0
  #looped = 0
  #isClosed = false
  #isWishing = false
  #hasChanged = false

  /**
   * Opens a relay.
   *
   * @throws {@link OptionError} `ERR_ENDPOINT` when there is no endpoint on one of the sides.
   * @throws {@link EndpointError} when an endpoint cannot be parsed or bound.
   *
   * @example
   * ```ts
   * import { Relay } from '@zcast/relay'
   *
   * const relay = await Relay.open({
   *   from: [{ connect: 'tcp://127.0.0.1:5556' }, { connect: 'tcp://127.0.0.1:5557' }],
   *   bind: 'tcp://127.0.0.1:*',
   * })
   * console.log(relay.endpoints) // where subscribers connect to
   * await relay.close()
   * ```
   */
  static async open(options: RelayOptions): Promise<Relay> {
    const { bind, connect } = listEndpoints(options)
    for (const source of options.from) listEndpoints(source)
    const transport = new TappedTransport(options.transport ?? (await openTransport([...bind, ...connect])))
    const parts: RelayParts = {
      id: randomBytes(4).readUInt32LE(),
      transport,
      listeners: [],
      relay: undefined,
    }
    const upstreams: Upstream[] = []
    try {
      for (const source of options.from) upstreams.push(await openUpstream(source, options, parts))
      const carries = options.carries ?? (await findOut(upstreams))
      const publisher = await Publisher.open({
        bind,
        connect,
        heartbeatMs: options.heartbeatMs,
        maxMessageBytes: options.maxMessageBytes,
        transport,
        codec: options.codec ?? new RelayCodec(),
        delivery: options.delivery && 'all-but-pictures',
        route: routeOf(upstreams, parts),
        ...queueFor(carries),
        ...(options.log && { log: options.log }),
      })
      return (parts.relay = new Relay(publisher, upstreams, options, parts))
    } catch (error) {
      await Promise.all(upstreams.map((upstream) => upstream.close()))
      throw error
    }
  }

  private constructor(
    publisher: Publisher,
    upstreams: readonly Upstream[],
    options: RelayOptions,
    parts: RelayParts,
  ) {
    this.#options = options
    this.#publisher = publisher
    this.#upstreams = upstreams
    this.#socket = parts.transport
    this.#format = options.codec && new OtherFormat(options)
    this.#raw = new RawOutbox(parts.transport.socket, options.delivery === 'all')
    this.#loops = new LoopWatch(parts.id, options.log, () => {
      // What an upstream offers counts only while something is taken from it.
      for (const upstream of upstreams) this.#takeOffers(upstream)
      for (const listener of parts.listeners) listener()
    })
    this.#hold = new HoldRequest(
      () => this.#waitingBytes,
      HOLD_ABOVE_BYTES,
      (held) => this.#setHold('here', held),
    )
    for (const upstream of upstreams) this.#takeOffers(upstream)
    this.#socket.listen((prefix, subscribed) => this.#asked(prefix, subscribed))
  }

  /** Where subscribers connect to, with the port that was chosen for `*`. */
  get endpoints(): readonly string[] {
    return this.#publisher.endpoints
  }

  /** What came, and what became of it. */
  report(): RelayReport {
    const topics: Record<string, RelayCounts> = {}
    for (const [name, { accounts, sent, leftOut, dropped }] of this.#topics) {
      const { received, lost, withheld, repeated } = accounts.counts()
      topics[name] = { received, lost: lost ?? 0, withheld: withheld + leftOut, repeated, sent, dropped }
    }
    const sum = sumCounts(Object.values(topics))
    return {
      ...sum,
      dropped: sum.dropped + this.#raw.dropped,
      topics,
      foreign: this.#raw.sent,
      looped: this.#looped,
    }
  }

  /** Stops taking, sends what is waiting, and frees the sockets. May be called twice. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#loops.close()
    this.#hold.end()
    await Promise.all(this.#upstreams.map((upstream) => upstream.close()))
    await this.#raw.flush()
    await this.#publisher.close()
  }

  /** Closes the relay. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @internal */
  take(received: CarriedEnvelope, isLane: boolean): void {
    const { carried } = received
    if (carried && carried.hops >= MAX_HOPS) return this.#refuse(received.topic)
    const topic = this.#topic(received.topic)
    if (!topic) {
      // Its hops are counted, so that it cannot go round in a circle for ever.
      if (carried) this.takeRaw(PASSING.encode({ ...received, lanes: undefined }))
      return
    }
    // Who joins late is told the names with the last value.
    const envelope = this.#labels.label(this.#numbering.number(received))
    topic.take(envelope, envelope.retained === true || isLane)
    this.#hold.added()
  }

  /** @internal */
  takeRaw(message: Message): void {
    // Another format has no place for them.
    if (!this.#format && !this.#isClosed) this.#raw.send(message)
  }

  /** @internal */
  heard(upstream: Upstream): void {
    this.#takeOffers(upstream)
  }

  #refuse(topic: string): void {
    this.#looped += 1
    this.#options.log?.error(
      `a message of ${topic} has passed ${MAX_HOPS} relays, so it is not passed on: the relays are connected in a circle`,
      undefined,
      'relay hops',
    )
  }

  #topic(name: string): RelayedTopic | undefined {
    const known = this.#topics.get(name)
    if (known) return known
    const kind = parseTopic(name)?.kind
    if (!isKind(kind) || this.#isClosed || this.#format?.takes(name) === false) return undefined
    if (this.#topics.size >= MAX_TOPICS) {
      this.#options.log?.warning(
        `more than ${MAX_TOPICS} topics pass this relay: further ones are passed on, but not counted or kept`,
        undefined,
        'relay topics',
      )
      return undefined
    }
    const rate = this.#options.maxRates?.find((each) => isMeant(each, name))
    const topic = new RelayedTopic({
      kind,
      isRowByRow: this.#format !== undefined,
      log: this.#options.log,
      accounts: this.#statistics.topic(name),
      limit: rate && new RateLimit(rate.perSecond, performance.now()),
      open: (onWatched) => this.#publisher.forward(name, { onWatched }),
      onWatched: (isWatched) => {
        if (isWatched) this.#watched.add(name)
        else this.#watched.delete(name)
        this.#wish()
      },
      onWaiting: (bytes) => {
        this.#waitingBytes += bytes
        if (bytes < 0) this.#hold.took()
      },
    })
    this.#topics.set(name, topic)
    return topic
  }

  #takeOffers(upstream: Upstream): void {
    this.#loops.look(upstream)
    for (const offer of upstream.offers.values()) this.#topic(offer.topic)?.announce(offer)
    const offered = new Set(this.#upstreams.flatMap((each) => [...each.offers.keys()]))
    for (const name of this.#offered) if (!offered.has(name)) this.#end(name)
    this.#offered = offered
  }

  /** A topic has ended above: it is announced no longer, and its last value is not kept. Its counts stay. */
  #end(name: string): void {
    this.#topics.get(name)?.end()
    this.#format?.ended(name)
  }

  #asked(prefix: string, subscribed: boolean): void {
    if (prefix === HOLD_PREFIX) return this.#setHold('below', subscribed)
    if (isTopicsRequest(prefix) || prefix.startsWith(LANE_PREFIX)) return
    if (!subscribed) this.#prefixes.delete(prefix)
    else if (this.#prefixes.size < MAX_PREFIXES) this.#prefixes.add(prefix)
    else return this.#options.log?.warning(TOO_MANY, undefined, 'relay subscriptions')
    this.#wish()
  }

  /**
   * Asks above at once, and a second time for all else that changes below in the same turn of the event loop: a
   * subscriber may ask for many topics.
   */
  #wish(): void {
    this.#hasChanged = true
    if (this.#isWishing) return
    this.#isWishing = true
    this.#wishNow()
    setImmediate(() => {
      this.#isWishing = false
      if (this.#hasChanged && !this.#isClosed) this.#wish()
    })
  }

  #wishNow(): void {
    this.#hasChanged = false
    const wished = wishesOf(new Set([...this.#askedFor(), ...this.#watched]))
    for (const upstream of this.#upstreams) upstream.wish(wished)
  }

  /** The prefixes asked for below, in zcast's names. */
  #askedFor(): readonly string[] {
    if (!this.#format) return [...this.#prefixes]
    return this.#prefixes.size > 0 ? this.#format.prefixes : []
  }

  #setHold(reason: 'below' | 'here', held: boolean): void {
    if (held) this.#holding.add(reason)
    else this.#holding.delete(reason)
    for (const upstream of this.#upstreams) upstream.hold(this.#holding.size > 0)
  }
}

/** What is made before the relay is, and needs it later. */
interface RelayParts {
  readonly id: number
  readonly transport: TappedTransport
  readonly listeners: (() => void)[]
  relay: Relay | undefined
}

async function openUpstream(
  source: RelaySource,
  { onState }: RelayOptions,
  parts: RelayParts,
): Promise<Upstream> {
  const endpoints = listEndpoints(source)
  const upstream: Upstream = await Upstream.open(source, {
    onEnvelope: (envelope, isLane) => parts.relay?.take(envelope, isLane),
    onRaw: (message) => parts.relay?.takeRaw(message),
    onOffers: () => {
      parts.relay?.heard(upstream)
      for (const listener of parts.listeners) listener()
    },
    onState: (state) => onState?.([...endpoints.bind, ...endpoints.connect], state),
  })
  return upstream
}

function routeOf(upstreams: readonly Upstream[], { id, listeners }: RelayParts): PublisherRoute {
  return {
    get relays() {
      return [...new Set([id, ...upstreams.flatMap(({ relays }) => relays)])]
    },
    onChange: (listener) => listeners.push(listener),
  }
}

async function findOut(upstreams: readonly Upstream[]): Promise<Carries> {
  const endMs = performance.now() + ANSWER_WITHIN_MS
  while (performance.now() < endMs && !upstreams.every(({ hasAnswered }) => hasAnswered))
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  if (!upstreams.every(({ hasAnswered }) => hasAnswered)) return 'both'
  return carriesOf(upstreams.flatMap(({ offers }) => [...offers.values()]))
}
