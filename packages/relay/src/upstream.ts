import {
  type Codec,
  type EndpointChoice,
  isRejection,
  type Message,
  openTransport,
  type PeerState,
  type SocketOptions,
  type SubscribeSocket,
  type TopicOffer,
  type Transport,
} from '@zcast/shared'
import {
  decodeTopicList,
  HOLD_PREFIX,
  isLoopback,
  isSubscription,
  listEndpoints,
  parseEndpoint,
  TOPICS_TOPIC,
} from '@zcast/shared/internal'
import { laneOf, LaneSubscriptions, takeOffLane } from '@zcast/subscribers/internal'
import { PublisherAnswers } from './publisher-answers.ts'
import { type CarriedEnvelope, RelayCodec } from './relay-codec.ts'
import { mayHaveLane } from './wishes.ts'

/** Where a relay takes values from: one publisher, or several that connect to it. */
export interface RelaySource extends EndpointChoice, Pick<SocketOptions, 'heartbeatMs' | 'maxMessageBytes'> {
  /** Default: the transport that the endpoints name, without keys. */
  readonly transport?: Transport | undefined
  /** The format of the messages. Default: the wire format, version 1. */
  readonly codec?: Codec | undefined
}

/** The listener to an {@link Upstream}. */
export interface UpstreamListener {
  /** Called with each value that came, and whether it came on a lane. */
  readonly onEnvelope: (envelope: CarriedEnvelope, isLane: boolean) => void
  /** Called with each message that is none of zcast's. */
  readonly onRaw: (message: Message, reason: 'invalid' | 'unsupported') => void
  /** Called when what the publishers have, or the relays on the way to them, are others. */
  readonly onOffers: () => void
  readonly onState: (state: PeerState) => void
}

const EXCLAMATION_MARK = 0x21

/** How often several publishers behind one socket are asked what they have: one may be gone while others stay. */
const ASK_AGAIN_MS = 10_000

const NO_OFFERS: ReadonlyMap<string, TopicOffer> = new Map()

/** The publishers above a relay that one socket is connected to: asks them for what is wanted, and reads what comes. */
export class Upstream {
  readonly #socket: SubscribeSocket
  readonly #codec: Codec
  readonly #complete: Codec['complete']
  readonly #lanes: LaneSubscriptions
  readonly #listener: UpstreamListener
  readonly #reading: Promise<void>
  #wished: ReadonlySet<string> = new Set()
  /** What the wishes are to its socket, or to lanes. */
  #asked = new Set<string>()
  #offers: ReadonlyMap<string, TopicOffer> = NO_OFFERS
  readonly #answers = new PublisherAnswers()
  readonly #timer: NodeJS.Timeout | undefined
  #relays: readonly number[] = []
  #hasAnswered = false
  #isCut = false
  /** True when the publisher is one that may be far away, and has said that it has lanes: it answers, however slowly. */
  #isKnownToHaveLanes = false
  readonly #isFar: boolean
  #isHolding = false

  /** @throws {@link EndpointError} when an endpoint cannot be parsed or bound. */
  static async open(source: RelaySource, listener: UpstreamListener): Promise<Upstream> {
    const endpoints = listEndpoints(source)
    const transport = source.transport ?? (await openTransport([...endpoints.bind, ...endpoints.connect]))
    return new Upstream(await transport.openSubscribe({ ...source, ...endpoints }), source, listener)
  }

  private constructor(socket: SubscribeSocket, source: RelaySource, listener: UpstreamListener) {
    this.#socket = socket
    this.#codec = source.codec ?? new RelayCodec()
    this.#complete = this.#codec.complete?.bind(this.#codec)
    this.#listener = listener
    this.#isFar = isOneFarPublisher(source)
    this.#lanes = new LaneSubscriptions([], this.#codec.hasLanes, {
      socket,
      startsOnLanes: this.#isFar,
      onNetwork: () => undefined,
    })
    socket.onPeerState((state) => {
      this.#lanes.connected(state === 'connected')
      if (state !== 'connected') {
        this.#answers.interrupted()
        this.#isKnownToHaveLanes = false
      }
      listener.onState(state)
    })
    if (this.#codec.hasLanes) {
      socket.subscribe(TOPICS_TOPIC)
      this.#timer = setInterval(() => this.#askAgain(), ASK_AGAIN_MS).unref()
    }
    this.#reading = this.#read()
  }

  /** Where it connects to or listens. */
  get endpoints(): readonly string[] {
    return this.#socket.endpoints
  }

  /** What the publishers say that they have, by topic; nothing while nothing is taken. */
  get offers(): ReadonlyMap<string, TopicOffer> {
    return this.#isCut ? NO_OFFERS : this.#offers
  }

  /** The relays that values pass on the way here. */
  get relays(): readonly number[] {
    return this.#isCut ? [] : this.#relays
  }

  /** The relays that were named last, also while nothing is taken. */
  get namedRelays(): readonly number[] {
    return this.#relays
  }

  /** True when a publisher has said what it has. */
  get hasAnswered(): boolean {
    return this.#hasAnswered
  }

  /** Asks for these prefixes and topics, and for no others any more. */
  wish(wished: ReadonlySet<string>): void {
    this.#wished = wished
    this.#ask()
  }

  /** Takes nothing (`true`) until it is told to go on (`false`). */
  cut(isCut: boolean): void {
    this.#isCut = isCut
    this.#ask()
  }

  /** Asks publishers that may lose nothing to wait, also once more, or to go on. */
  hold(held: boolean): void {
    if (this.#isHolding) this.#socket.unsubscribe(HOLD_PREFIX)
    if (held) this.#socket.subscribe(HOLD_PREFIX)
    this.#isHolding = held
  }

  /** Stops receiving. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#lanes.close()
    await this.#socket.close()
    await this.#reading
  }

  #ask(): void {
    const wanted = new Set<string>()
    if (!this.#isCut)
      for (const wish of this.#wished) for (const each of this.#prefixes(wish)) wanted.add(each)
    for (const each of this.#asked) if (!wanted.has(each)) this.#change(each, false)
    for (const each of wanted) if (!this.#asked.has(each)) this.#change(each, true)
    this.#asked = wanted
  }

  #prefixes(wish: string): readonly string[] {
    // Only the codec knows what other programs call a topic.
    return isSubscription(wish) ? this.#codec.prefixes(wish) : [this.#codec.hasLanes ? wish : '']
  }

  #change(prefix: string, isWanted: boolean): void {
    if (this.#codec.hasLanes && mayHaveLane(prefix)) {
      if (isWanted) this.#lanes.add(prefix, this.#isKnownToHaveLanes)
      else this.#lanes.remove(prefix)
    } else if (isWanted) this.#socket.subscribe(prefix)
    else this.#socket.unsubscribe(prefix)
  }

  async #read(): Promise<void> {
    for await (const message of this.#socket.messages()) this.#take(message)
  }

  #take(received: Message): void {
    const [first] = received
    const isControl = this.#codec.hasLanes && first?.[0] === EXCLAMATION_MARK
    const lane = isControl ? laneOf(first) : undefined
    if (isControl && lane === undefined && this.#takeControl(received)) return
    if (this.#isCut) return
    const message = lane === undefined ? received : takeOffLane(received)
    const envelope = this.#codec.decode(message)
    if (isRejection(envelope)) {
      if (lane === undefined) this.#listener.onRaw(message, envelope.rejected as 'invalid' | 'unsupported')
      return
    }
    if (envelope.lanes) this.#isKnownToHaveLanes = this.#isFar
    if (envelope.answer) {
      if (lane !== undefined) this.#lanes.answered(envelope, lane)
      return
    }
    const complete = this.#complete
    this.#listener.onEnvelope(complete ? { ...envelope, complete } : envelope, lane !== undefined)
    this.#lanes.arrived(envelope, lane, false)
  }

  /** @returns True when it is a message of zcast's that is not for those below. */
  #takeControl(message: Message): boolean {
    const name = Buffer.from(message[0] as Uint8Array).toString('latin1')
    if (!name.startsWith('!topics') && !name.startsWith('!lane')) return false
    if (name !== TOPICS_TOPIC) return true
    const list = decodeTopicList(message)
    if (isRejection(list)) return true
    this.#answers.take(list)
    if (list.more > 0) return true
    this.#hasAnswered = true
    this.#tellOffers()
    return true
  }

  #tellOffers(): void {
    this.#offers = this.#answers.offers()
    this.#relays = this.#answers.relays()
    this.#listener.onOffers()
  }

  /** Publishers answer each subscription. A single one is gone when its connection is. */
  #askAgain(): void {
    if (this.#answers.publishers < 2) return
    if (this.#answers.forgetGone()) this.#tellOffers()
    this.#socket.unsubscribe(TOPICS_TOPIC)
    this.#socket.subscribe(TOPICS_TOPIC)
  }
}

/** True when everything comes from one publisher, over a network that may be slow. */
function isOneFarPublisher(source: RelaySource): boolean {
  const { bind, connect } = listEndpoints(source)
  return bind.length === 0 && connect.length === 1 && !isLoopback(parseEndpoint(connect[0] as string))
}
