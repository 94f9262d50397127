import { randomBytes } from 'node:crypto'
import {
  type Message,
  parseTopic,
  type PeerState,
  type SubscribeSocket,
  type TopicList,
  type TopicOffer,
  wallClock,
} from '@zcast/shared'
import {
  decodeTopicList,
  isTopicsRequest,
  matchesSubscription,
  TOPICS_TOPIC,
  topicsRequest,
} from '@zcast/shared/internal'
import { type ClockOffset, ClockOffsets } from './clock-offset.ts'
import type { Sighting, SightReader } from './sighting.ts'
import type { TopicAccount } from './topic-account.ts'
import { TopicBook } from './topic-book.ts'

/** What an endpoint is found to be: `asking` until it has answered, or has had the time to. */
export type EndpointMake = 'asking' | 'zcast' | 'other'

/** Options of {@link TopicScout}. */
export interface TopicScoutOptions {
  readonly endpoint: string
  /** True where publishers connect to it. */
  readonly listens: boolean
  readonly reader: SightReader
  /** Topics, or beginnings of topics. Empty for every one. */
  readonly topics: readonly string[]
  /** True to receive what is there; false to know only what there is. */
  readonly receives: boolean
  /** How long a publisher that does not answer is looked at, where nothing is received otherwise. */
  readonly lookMs: number
  readonly windowMs: number
  /** How often a publisher of zcast is asked what it has, and for its clock, once the first answers have come. */
  readonly askEveryMs: number
  /** Called with each message that was counted. */
  readonly onMessage?: ((message: Message, sighting: Sighting, account: TopicAccount) => void) | undefined
  /** Called when another topic is known, or more is known of one. */
  readonly onChange: () => void
}

/** A publisher of zcast answers within this time of the connection; what does not is another program's. */
const ANSWER_WITHIN_MS = 700

/** Publishers that have not answered a question for so long are not expected to. */
const ANSWERS_COME_MS = 1000
/** Clocks are compared more often at first. */
const FIRST_CLOCKS = 4
const FIRST_CLOCK_EVERY_MS = 120

/** Behind one endpoint there may be several publishers, which answer one after the other. */
const OTHERS_ANSWER_MS = 100

/** So long code is loaded and compiled with the first messages, which wait meanwhile. */
const SETTLED_AFTER_MS = 500

/** Questions about the clock that are not answered yet. */
const MAX_QUESTIONS = 8

/** Publishers whose clocks are known. */
const MAX_PUBLISHERS = 64

/**
 * Finds out what comes from one endpoint. It asks first: a publisher of zcast says what it has, and nothing is made for
 * that. Only what does not answer is subscribed to.
 */
export class TopicScout {
  readonly endpoint: string
  readonly book: TopicBook
  readonly #socket: SubscribeSocket
  readonly #options: TopicScoutOptions
  readonly #clocks = new Map<number, ClockOffsets>()
  /** Times of the questions that are not answered yet. */
  readonly #questions = new Map<string, number>()
  readonly #subscribed = new Set<string>()
  readonly #publisherOf = new Map<string, number>()
  readonly #versions = new Set<string>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #reading: Promise<void>
  #state: PeerState = 'connecting'
  #make: EndpointMake = 'asking'
  #wasConnected = false
  #hasLooked = false
  #answeredAtMs: number | undefined
  #firstAtMs: number | undefined
  #closed = false

  constructor(socket: SubscribeSocket, options: TopicScoutOptions) {
    const { endpoint, reader, windowMs } = options
    this.endpoint = endpoint
    this.#socket = socket
    this.#options = options
    this.book = new TopicBook(endpoint, reader, windowMs)
    socket.subscribe(TOPICS_TOPIC)
    if (options.receives) for (const topic of options.topics) this.#subscribe(topic)
    socket.onPeerState((state) => this.#setState(state))
    this.#reading = this.#read()
  }

  get state(): PeerState {
    return this.#state
  }

  get make(): EndpointMake {
    return this.#make
  }

  /** True once a peer was there. */
  get wasConnected(): boolean {
    return this.#wasConnected
  }

  /** The versions of zcast that its publishers are of, as far as they tell. */
  get versions(): readonly string[] {
    return [...this.#versions]
  }

  /** True once nothing more is to be expected soon: it has answered, or was looked at for long enough. */
  get isKnown(): boolean {
    if (this.#make === 'zcast') return performance.now() - (this.#answeredAtMs ?? 0) >= OTHERS_ANSWER_MS
    return this.#hasLooked
  }

  /** True where publishers connect to it. */
  get listens(): boolean {
    return this.#options.listens
  }

  /** How far the clock of the topic's publisher is from the one here; `undefined` where it does not tell. */
  clockOf(account: TopicAccount): ClockOffset | undefined {
    const publisher = this.#publisherOf.get(account.topic)
    return publisher === undefined ? undefined : this.#clocks.get(publisher)?.read(performance.now())
  }

  /** Ends it. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    await this.#socket.close()
    await this.#reading
  }

  #setState(state: PeerState): void {
    this.#state = state
    this.#options.onChange()
    if (state !== 'connected' || this.#wasConnected) return
    this.#wasConnected = true
    this.#askClock(0)
    this.#after(ANSWER_WITHIN_MS, () => {
      if (this.#make === 'asking') this.#lookAtOther()
    })
  }

  /** It does not know of the question: what it sends is looked at itself. */
  #lookAtOther(): void {
    this.#make = 'other'
    const { receives, topics, lookMs } = this.#options
    const wanted = topics.length > 0 ? topics : ['']
    for (const topic of wanted) this.#subscribe(topic)
    for (const question of this.#questions.keys()) this.#forget(question)
    this.#options.onChange()
    this.#after(lookMs, () => {
      this.#hasLooked = true
      if (!receives) this.#letGo()
    })
  }

  #letGo(): void {
    for (const topic of this.#subscribed)
      for (const prefix of this.#prefixes(topic)) this.#socket.unsubscribe(prefix)
    this.#subscribed.clear()
  }

  #askClock(asked: number): void {
    if (this.#questions.size >= MAX_QUESTIONS) {
      const [oldest] = this.#questions.keys()
      this.#forget(oldest)
    }
    const question = topicsRequest(randomBytes(16).toString('base64url'))
    this.#questions.set(question, wallClock())
    this.#socket.subscribe(question)
    this.#after(asked < FIRST_CLOCKS ? FIRST_CLOCK_EVERY_MS : this.#options.askEveryMs, () => {
      // Whoever does not answer is not asked on and on.
      if (this.#make !== 'other') this.#askClock(asked + 1)
    })
  }

  #forget(question: string | undefined): void {
    if (question !== undefined && this.#questions.delete(question)) this.#socket.unsubscribe(question)
  }

  async #read(): Promise<void> {
    try {
      await this.#readAll()
    } catch (error) {
      // A read in progress when the socket closes may fail (ENOTSOCK, measured).
      if (!this.#closed) throw error
    }
  }

  async #readAll(): Promise<void> {
    const { onMessage } = this.#options
    for await (const message of this.#socket.messages()) {
      const atMs = performance.now()
      this.#firstAtMs ??= atMs
      const arrival = { atMs, time: wallClock(), isSettled: atMs - this.#firstAtMs >= SETTLED_AFTER_MS }
      if (message[0]?.[0] === EXCLAMATION_MARK && this.#takeAnswer(message, arrival)) continue
      const sighting = this.book.take(message, arrival, this.#wants)
      if (!sighting) continue
      const account = this.book.accounts.get(sighting.topic)
      if (account?.messages === 1) this.#options.onChange()
      if (account) onMessage?.(message, sighting, account)
    }
  }

  /** @returns False when it is none. */
  #takeAnswer(message: Message, arrival: { readonly atMs: number; readonly time: number }): boolean {
    const topic = Buffer.from(message[0] as Uint8Array).toString('latin1')
    if (!isTopicsRequest(topic)) return false
    const list = decodeTopicList(message)
    if ('rejected' in list) return true
    const askedTime = this.#questions.get(topic)
    if (askedTime !== undefined) {
      this.#clockOf(list.publisher)?.add(askedTime, list.time, arrival.time, arrival.atMs)
      // Other publishers may answer it too; a moment later all have.
      this.#after(ANSWERS_COME_MS, () => this.#forget(topic))
    }
    this.#learn(list)
    return true
  }

  #learn({ publisher, version, topics }: TopicList): void {
    if (version !== undefined && this.#versions.size < MAX_PUBLISHERS) this.#versions.add(version)
    // It was slow to answer, and was taken for another; or has taken the place of another.
    const wasOther = this.#make === 'other'
    if (wasOther && (!this.#options.receives || this.#subscribed.has(''))) this.#letGo()
    this.#make = 'zcast'
    if (wasOther) this.#askClock(0)
    this.#answeredAtMs ??= performance.now()
    for (const offer of topics) {
      if (!this.#isAsked(offer.topic)) continue
      if (this.#publisherOf.size < MAX_PUBLISHERS * 4) this.#publisherOf.set(offer.topic, publisher)
      this.book.offer(offer)
      this.#receive(offer)
    }
    this.#options.onChange()
  }

  /** A rendition is made for whoever asks for it: only who names it does. */
  #receive({ topic }: TopicOffer): void {
    const { receives, topics } = this.#options
    if (!receives || topics.length > 0 || parseTopic(topic)?.rendition !== undefined) return
    this.#subscribe(topic)
  }

  #subscribe(topic: string): void {
    if (this.#subscribed.has(topic)) return
    this.#subscribed.add(topic)
    for (const prefix of this.#prefixes(topic)) this.#socket.subscribe(prefix)
  }

  #prefixes(topic: string): readonly string[] {
    return this.#options.reader.prefixes?.(topic) ?? [bytesOf(topic)]
  }

  #isAsked(topic: string): boolean {
    const { topics } = this.#options
    return topics.length === 0 || topics.some((asked) => matchesSubscription(topic, asked))
  }

  /** ZeroMQ filters by beginnings: of zcast's own topics the whole one is meant, of others whatever begins so. */
  readonly #wants = ({ topic, isOwn }: Sighting): boolean => !isOwn || this.#isAsked(topic)

  #clockOf(publisher: number): ClockOffsets | undefined {
    let clock = this.#clocks.get(publisher)
    if (!clock && this.#clocks.size < MAX_PUBLISHERS) {
      clock = new ClockOffsets()
      this.#clocks.set(publisher, clock)
    }
    return clock
  }

  #after(ms: number, act: () => void): void {
    if (this.#closed) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (!this.#closed) act()
    }, ms)
    this.#timers.add(timer)
  }
}

const EXCLAMATION_MARK = 0x21

/** Sockets send each character as a byte; other programs write topics in UTF-8. */
function bytesOf(topic: string): string {
  return Buffer.from(topic).toString('latin1')
}
