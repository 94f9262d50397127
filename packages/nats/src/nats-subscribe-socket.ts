import { randomBytes } from 'node:crypto'
import {
  MAX_MESSAGE_BYTES,
  type Message,
  type NatsOptions,
  type PeerState,
  type Refusal,
  type SocketOptions,
  type SubscribeSocket,
} from '@zcast/shared'
import { CountedPrefixes } from '@zcast/shared/internal'
import { AnswerTimer } from './answer-timer.ts'
import { BodyCodec } from './body.ts'
import { isPicturesOnly } from './is-pictures-only.ts'
import { MessageQueue } from './message-queue.ts'
import { NatsLink } from './nats-link.ts'
import type { Msg, NatsConnection } from './nats-library.ts'
import { PartAssembly, parsePart } from './part-assembly.ts'
import { PastAndNow } from './past-and-now.ts'
import { type KeptMessage, PastReader } from './past-reader.ts'
import { PublisherTable } from './publisher-table.ts'
import { isOwnBeginning, SubjectSubscriptions } from './subject-subscriptions.ts'
import { HERE, isBegin, MAX_NAME_LENGTH, topicNamedBy, WANT } from './subjects.ts'
import { formatWish, MAX_PREFIXES, REPEAT_MS } from './wish.ts'

/** Messages that wait at the server for so long say that the network is slower than they come: publishers may wait. */
const BEHIND_MS = 300

/**
 * Pictures that wait there for so long are given up for those that come. By then a subscriber has seen enough of them to
 * know that it needs a lane.
 */
const OLD_MS = 2500

/** A connection that is made anew within this time is no news. */
const GRACE_MS = 500

/** After this time nobody is there who sends. */
const NOBODY_MS = 500

/** The subscribing end of {@link NatsTransport}. */
export class NatsSubscribeSocket implements SubscribeSocket {
  readonly #id = randomBytes(16).toString('base64url')
  readonly #link: NatsLink
  readonly #bodies = new BodyCodec(this.#id)
  readonly #parts: PartAssembly
  readonly #prefixes = new CountedPrefixes()
  readonly #again = new Set<string>()
  readonly #subscriptions = new SubjectSubscriptions((prefix, message) => this.#receive(prefix, message))
  readonly #publishers = new PublisherTable(
    () => this.#tellState(),
    () => this.#tellFurther(),
  )
  readonly #queue: MessageQueue
  /** Reads the past where that was asked for, and otherwise what was sent last where nobody sends. */
  readonly #past: PastReader
  readonly #isPastAskedFor: boolean
  readonly #pastAndNow = new PastAndNow((message) => this.#queue.add(message))
  /** Prefixes of which the past was asked for. */
  readonly #isRead = new Set<string>()
  readonly #stateListeners: ((state: PeerState) => void)[] = []
  readonly #furtherPeerListeners: (() => void)[] = []
  readonly #timer: NodeJS.Timeout
  readonly #answers = new AnswerTimer(() => this.#say())
  #state: PeerState = 'connecting'
  #isDenied = false
  #isUnread = false
  #isBehind = false
  #isSaid = true
  /** The shortest way to the server and back. */
  #leastDelayMs = Number.POSITIVE_INFINITY
  #closed = false

  /** @throws {@link EndpointError} `ERR_ENDPOINT` when an endpoint cannot be parsed. */
  constructor(options: SocketOptions, nats: NatsOptions, onRefused: (refusal: Refusal) => void) {
    this.#parts = new PartAssembly(options.maxMessageBytes ?? MAX_MESSAGE_BYTES)
    this.#queue = new MessageQueue((isFull) => {
      this.#isUnread = isFull
      this.#saySoon()
    })
    this.#isPastAskedFor = nats.since !== undefined
    this.#past = new PastReader(
      nats.since,
      (message) => this.#take(message, (topic, whole) => this.#pastAndNow.past(topic, whole)),
      // Otherwise nobody has asked for it.
      (detail) => this.#isPastAskedFor && this.#link.report({ reason: 'not-kept', detail }),
    )
    this.#link = new NatsLink({
      endpoints: options.connect ?? [],
      nats,
      side: 'subscriber',
      heartbeatMs: options.heartbeatMs,
      onRefused,
      onUp: (connection) => this.#begin(connection),
      onDown: () => this.#end(),
      onDenied: () => {
        this.#isDenied = true
        this.#tellState()
      },
      onDelay: (ms) => this.#noteDelay(ms),
    })
    this.#timer = setInterval(() => {
      this.#publishers.forget(performance.now())
      this.#say()
    }, REPEAT_MS).unref()
  }

  get endpoints(): readonly string[] {
    return this.#link.endpoints
  }

  subscribe(prefix: string): void {
    if (this.#closed) return
    if (this.#prefixes.add(prefix)) this.#saySoon()
  }

  unsubscribe(prefix: string): void {
    if (!this.#prefixes.remove(prefix)) return
    this.#again.add(prefix)
    this.#saySoon()
  }

  tell(told: Uint8Array): void {
    if (this.#closed) return
    if (!this.#isSaid) this.#say()
    const { connection } = this.#link
    if (connection && !connection.isClosed()) connection.publish(`${WANT}${this.#id}.told`, told)
  }

  onPeerState(listener: (state: PeerState) => void): void {
    this.#stateListeners.push(listener)
    if (this.#state !== 'connecting') listener(this.#state)
  }

  onFurtherPeer(listener: () => void): void {
    this.#furtherPeerListeners.push(listener)
  }

  messages(): AsyncIterable<Message> {
    return this.#queue.read()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#timer)
    this.#answers.close()
    this.#queue.close()
    const { connection } = this.#link
    if (connection && !connection.isClosed()) {
      connection.publish(`${WANT}${this.#id}`, formatWish({ want: [], gone: true }))
      await Promise.race([connection.flush().catch(() => undefined), connection.closed()])
    }
    await this.#link.close()
  }

  #begin(connection: NatsConnection): void {
    this.#isDenied = false
    this.#isBehind = false
    this.#subscriptions.begin(connection)
    const heard = (error: Error | null, message: Msg): void => {
      if (error || this.#closed) return
      const isNews = this.#publishers.heard(message.data, performance.now())
      if (isNews && message.subject === HERE) this.#answers.ask()
    }
    connection.subscribe(HERE, { callback: heard })
    connection.subscribe(`${HERE}.${this.#id}`, { callback: heard })
    this.#say()
    if (!this.#isPastAskedFor) this.#lookForLast(connection)
  }

  /** Whoever joins when a publisher has gone gets what a server has kept of it. */
  #lookForLast(connection: NatsConnection): void {
    setTimeout(() => {
      if (this.#publishers.count === 0 && !connection.isClosed() && !this.#closed) this.#readPast(connection)
    }, NOBODY_MS).unref()
  }

  #end(): void {
    this.#subscriptions.begin(undefined)
    setTimeout(() => {
      if (this.#link.connection) return
      this.#publishers.clear()
      this.#tellState()
    }, GRACE_MS).unref()
  }

  #saySoon(): void {
    if (!this.#isSaid) return
    this.#isSaid = false
    queueMicrotask(() => {
      if (!this.#isSaid) this.#say()
    })
  }

  /** Subscribes to what is wanted, and tells publishers. */
  #say(): void {
    this.#isSaid = true
    const { connection } = this.#link
    if (!connection || connection.isClosed() || this.#closed) return
    const prefixes = new Set(this.#prefixes.all)
    this.#subscriptions.set(prefixes)
    if (this.#isPastAskedFor) this.#readPast(connection)
    const want = [...prefixes].slice(0, MAX_PREFIXES)
    const again = want.filter((prefix) => this.#again.has(prefix))
    this.#again.clear()
    const full = this.#isUnread || this.#isBehind
    connection.publish(
      `${WANT}${this.#id}`,
      formatWish({ want, ...(again.length > 0 && { again }), ...(full && { full }) }),
    )
  }

  #readPast(connection: NatsConnection): void {
    const prefixes = [...this.#prefixes.all].filter(
      (prefix) => prefix !== '' && !prefix.startsWith('!') && !this.#isRead.has(prefix),
    )
    if (prefixes.length === 0) return
    for (const prefix of prefixes) this.#isRead.add(prefix)
    this.#pastAndNow.begin()
    void this.#past.read(connection, prefixes).then(() => this.#pastAndNow.end())
  }

  #receive(prefix: string, message: Msg): void {
    this.#publishers.heardSomething(performance.now())
    this.#take(message, (topic, whole) => this.#pastAndNow.now(topic, whole), prefix)
  }

  /** @param prefix - What it came because of; missing for what was kept. */
  #take(message: KeptMessage, deliver: (topic: string, whole: Message) => void, prefix?: string): void {
    if (this.#closed) return
    const { subject, headers: hdrs } = message
    const part = hdrs && parsePart(hdrs.get('Zc-Part'))
    const topic = topicNamedBy(subject, part?.part ?? 1, hdrs?.get('Zc-Topic'))
    if (topic === undefined || topic.length > MAX_NAME_LENGTH) return
    if (
      isBegin(subject) &&
      prefix !== undefined &&
      !isOwnBeginning(topic, prefix, new Set(this.#prefixes.all))
    )
      return
    const key = part && `${topic} ${hdrs?.get('Nats-Msg-Id').replace(/:\d+$/, '')}`
    const body = part ? this.#parts.add(key as string, part, message.data) : message.data
    if (body) deliver(topic, this.#bodies.decode(topic, body, hdrs))
  }

  /** The server holds up to 64 MiB for this end before it cuts it off: pictures would be minutes old. */
  #noteDelay(ms: number): void {
    this.#leastDelayMs = Math.min(this.#leastDelayMs, ms)
    const isBehind = ms > BEHIND_MS + 2 * this.#leastDelayMs
    if (ms > OLD_MS && isPicturesOnly(this.#prefixes.all)) return this.#link.renew()
    if (isBehind === this.#isBehind) return
    this.#isBehind = isBehind
    this.#saySoon()
  }

  #tellState(): void {
    if (this.#closed) return
    const alone = this.#isDenied ? 'denied' : 'connecting'
    const state = this.#publishers.count > 0 ? 'connected' : alone
    if (state === this.#state) return
    this.#state = state
    for (const listener of this.#stateListeners) listener(state)
  }

  #tellFurther(): void {
    for (const listener of this.#furtherPeerListeners) listener()
  }
}
