import { Publisher } from '@zcast/publisher'
import { type Log, type Message, openTransport } from '@zcast/shared'
import { HOLD_PREFIX, isTopicsRequest, LANE_PREFIX, listEndpoints, Numbering } from '@zcast/shared/internal'
import { KnownLabels } from '@zcast/subscribers/internal'
import { AskedBelow } from './asked-below.ts'
import { HoldAbove } from './hold-above.ts'
import { LoopWatch } from './loop-watch.ts'
import { findOut, openUpstreams } from './open-upstreams.ts'
import { OtherFormat } from './other-format.ts'
import { queueFor } from './queue-choice.ts'
import { RawOutbox } from './raw-outbox.ts'
import { type CarriedEnvelope, RelayCodec } from './relay-codec.ts'
import type { RelayOptions } from './relay-options.ts'
import { type RelayReport, sumCounts } from './relay-report.ts'
import { Route } from './route.ts'
import { TappedTransport } from './tapped-transport.ts'
import { TopicTable } from './topic-table.ts'
import type { Upstream } from './upstream.ts'

/** Writes the messages of topics that are not counted. */
const PASSING = new RelayCodec()

/** A message that has passed as many relays goes round in a circle. */
const MAX_HOPS = 16

/**
 * Takes what is asked for below from the publishers above, once, and hands it to all who asked. Nothing is renumbered,
 * and nothing is taken that nobody asked for.
 */
export class Relay {
  readonly #log: Log | undefined
  readonly #publisher: Publisher
  readonly #upstreams: readonly Upstream[]
  readonly #loops: LoopWatch
  readonly #raw: RawOutbox
  /** Where those below read the format of another program. */
  readonly #format: OtherFormat | undefined
  readonly #numbering = new Numbering()
  readonly #labels = new KnownLabels()
  readonly #topics: TopicTable
  readonly #asked: AskedBelow
  readonly #hold: HoldAbove
  #looped = 0
  #isClosed = false

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
    let relay: Relay | undefined
    const upstreams: Upstream[] = []
    const route = new Route(upstreams)
    try {
      await openUpstreams(upstreams, options, {
        take: (envelope, isLane) => relay?.take(envelope, isLane),
        takeRaw: (message) => relay?.takeRaw(message),
        heard: (upstream) => {
          relay?.heard(upstream)
          route.look()
        },
      })
      const carries = options.carries ?? (await findOut(upstreams))
      const publisher = await Publisher.open({
        bind,
        connect,
        heartbeatMs: options.heartbeatMs,
        maxMessageBytes: options.maxMessageBytes,
        transport,
        codec: options.codec ?? new RelayCodec(),
        delivery: options.delivery && 'all-but-pictures',
        route,
        ...queueFor(carries),
        ...(options.log && { log: options.log }),
      })
      relay = new Relay(options, { publisher, transport, upstreams, route })
      return relay
    } catch (error) {
      await Promise.all(upstreams.map((upstream) => upstream.close()))
      throw error
    }
  }

  private constructor(options: RelayOptions, { publisher, transport, upstreams, route }: RelayParts) {
    const { log, maxRates } = options
    this.#log = log
    this.#publisher = publisher
    this.#upstreams = upstreams
    const format = options.codec && new OtherFormat(options)
    this.#format = format
    this.#raw = new RawOutbox(transport.socket, options.delivery === 'all')
    this.#hold = new HoldAbove(upstreams)
    this.#asked = new AskedBelow({ upstreams, format, log })
    this.#topics = new TopicTable({
      upstreams,
      publisher,
      asked: this.#asked,
      hold: this.#hold,
      format,
      log,
      maxRates,
    })
    this.#loops = new LoopWatch(route.id, log, () => {
      // What an upstream offers counts only while something is taken from it.
      for (const upstream of upstreams) this.heard(upstream)
      route.look()
    })
    for (const upstream of upstreams) this.heard(upstream)
    transport.listen((prefix, subscribed) => {
      if (prefix === HOLD_PREFIX) this.#hold.askedBelow(subscribed)
      else if (!isTopicsRequest(prefix) && !prefix.startsWith(LANE_PREFIX))
        this.#asked.subscribed(prefix, subscribed)
    })
  }

  /** Where subscribers connect to, with the port that was chosen for `*`. */
  get endpoints(): readonly string[] {
    return this.#publisher.endpoints
  }

  /** What came, and what became of it. */
  report(): RelayReport {
    const topics = this.#topics.counts()
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
    this.#topics.close()
    this.#asked.close()
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
    const topic = this.#topics.topic(received.topic)
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
    this.#loops.look(upstream)
    this.#topics.takeOffers(upstream)
  }

  #refuse(topic: string): void {
    this.#looped += 1
    this.#log?.error(
      `a message of ${topic} has passed ${MAX_HOPS} relays, so it is not passed on: the relays are connected in a circle`,
      undefined,
      'relay hops',
    )
  }
}

/** What is made before the relay is. */
interface RelayParts {
  readonly publisher: Publisher
  readonly transport: TappedTransport
  readonly upstreams: readonly Upstream[]
  readonly route: Route
}
