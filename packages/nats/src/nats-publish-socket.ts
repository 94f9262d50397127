import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import {
  ClosedError,
  type Message,
  type NatsOptions,
  type PublishSocket,
  type Refusal,
  type SendOptions,
  type SocketOptions,
} from '@zcast/shared'
import { KIND_NAMES, LANE_PREFIX } from '@zcast/shared/internal'
import { BodyCodec, canCarry, type NatsBody } from './body.ts'
import { cutInParts } from './cut-in-parts.ts'
import { NatsLink } from './nats-link.ts'
import { headers, type Msg, type NatsConnection } from './nats-library.ts'
import { PeerTable } from './peer-table.ts'
import { Retention } from './retention.ts'
import { SendWindow } from './send-window.ts'
import { beginSubject, HERE, MAX_NAME_LENGTH, partSubject, subjectOf, WANT } from './subjects.ts'
import { parseWish, REPEAT_MS } from './wish.ts'

const DEFAULT_HIGH_WATER_MARK = 1000
const DEFAULT_LINGER_MS = 400

/** A server that is there lets in within this time. */
const OPEN_WITHIN_MS = 2000

/** The interval at which a message is tried again, and how often when it may be left out. */
const RETRY_MS = 1
const RETRIES_IN_A_BURST = 3

/** What headers take of `max_payload` beside the names in them. */
const HEADER_BYTES = 512

/** The publishing end of {@link NatsTransport}. */
export class NatsPublishSocket implements PublishSocket {
  /** A server makes the copies for subscribers. */
  readonly isFannedOut = true
  readonly #id = randomBytes(16).toString('base64url')
  readonly #link: NatsLink
  readonly #window: SendWindow
  readonly #retention: Retention | undefined
  readonly #bodies = new BodyCodec(this.#id)
  readonly #listeners: ((prefix: string, subscribed: boolean) => void)[] = []
  readonly #toldListeners: ((told: Uint8Array) => void)[] = []
  readonly #peerListeners: (() => void)[] = []
  readonly #peers = new PeerTable({
    onSubscription: (prefix, subscribed) => {
      for (const listener of this.#listeners) listener(prefix, subscribed)
    },
    onPeers: () => {
      for (const listener of this.#peerListeners) listener()
    },
  })
  readonly #timer: NodeJS.Timeout
  #closed = false

  /** @throws {@link EndpointError} `ERR_ENDPOINT` when an endpoint cannot be parsed. */
  constructor(options: SocketOptions, nats: NatsOptions, onRefused: (refusal: Refusal) => void) {
    this.#window = new SendWindow(options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK)
    this.#retention =
      nats.retain && new Retention(nats.retain, (detail) => this.#link.report({ reason: 'not-kept', detail }))
    this.#link = new NatsLink({
      endpoints: options.connect ?? [],
      nats,
      side: 'publisher',
      heartbeatMs: options.heartbeatMs,
      onRefused,
      onUp: (connection) => this.#begin(connection),
      onDown: () => this.#window.begin(undefined),
    })
    this.#timer = setInterval(() => {
      if (this.#link.connection) this.#peers.forget(performance.now())
    }, REPEAT_MS / 2).unref()
  }

  /** Waits a little for a server: what is sent before there is one cannot be kept. */
  async opened(): Promise<void> {
    if (this.#retention) await this.#link.untilConnected(OPEN_WITHIN_MS)
  }

  get endpoints(): readonly string[] {
    return this.#link.endpoints
  }

  get peers(): number {
    return this.#peers.count
  }

  onPeers(listener: () => void): void {
    this.#peerListeners.push(listener)
  }

  async stuckPeers(): Promise<readonly string[]> {
    return []
  }

  onSubscription(listener: (prefix: string, subscribed: boolean) => void): void {
    this.#listeners.push(listener)
    // What is kept is wanted by whoever comes later.
    if (this.#retention) for (const kind of KIND_NAMES) listener(`${kind}/`, true)
  }

  onTold(listener: (told: Uint8Array) => void): void {
    this.#toldListeners.push(listener)
  }

  async send(message: Message, { patient = false, signal, limitMs }: SendOptions = {}): Promise<boolean> {
    const topic = topicOfMessage(message)
    let deadlineMs: number | undefined
    for (let retries = 0; ; retries++) {
      if (this.#closed) throw new ClosedError('the publishing socket')
      const isKept = this.#retention?.keeps(topic) ?? false
      if (!isKept && !this.#peers.wants(topic)) return true
      // It would come out as another message. A relay counts what throws as dropped.
      if (!canCarry(message))
        throw new RangeError(`a message of ${message.length} parts is too many for NATS`)
      const keeping = isKept && this.#retention?.ready(topic)
      if (keeping) await keeping
      const connection = this.#link.connection
      // A lane has limits of its own.
      const isFull = !topic.startsWith(LANE_PREFIX) && this.#peers.isFull(topic)
      if (connection && !this.#window.isFull && !(patient && isFull)) {
        this.#publish(connection, topic, message)
        return !isFull
      }
      if (!patient) {
        if (!connection || retries >= RETRIES_IN_A_BURST) return false
      } else {
        if (signal?.aborted) return false
        const nowMs = performance.now()
        deadlineMs ??= nowMs + (limitMs ?? Number.POSITIVE_INFINITY)
        if (nowMs >= deadlineMs) return false
      }
      await delay(RETRY_MS)
    }
  }

  async close(lingerMs = DEFAULT_LINGER_MS): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#timer)
    const connection = this.#link.connection
    if (connection) {
      this.#say(connection, HERE, true)
      const ended = new AbortController()
      const flushed = connection.flush().catch(() => undefined)
      await Promise.race([
        flushed,
        delay(lingerMs, undefined, { signal: ended.signal }).catch(() => undefined),
      ])
      ended.abort()
    }
    await this.#link.close()
  }

  #begin(connection: NatsConnection): void {
    this.#window.begin(connection)
    this.#retention?.begin(connection)
    this.#peers.extend(performance.now())
    connection.subscribe(`${WANT}>`, {
      callback: (error, message) => {
        if (!error) this.#hear(connection, message)
      },
    })
    // Everybody says what they want.
    this.#say(connection, HERE)
  }

  #hear(connection: NatsConnection, { subject, data }: Msg): void {
    if (this.#closed) return
    const [id = '', told, ...others] = subject.slice(WANT.length).split('.')
    if (others.length > 0) return
    if (told === 'told') {
      for (const listener of this.#toldListeners) listener(data)
      return
    }
    const wish = told === undefined ? parseWish(data) : undefined
    if (!wish) return
    this.#peers.heard(id, wish, performance.now())
    if (!wish.gone && !connection.isClosed()) this.#say(connection, `${HERE}.${id}`)
  }

  #say(connection: NatsConnection, subject: string, gone = false): void {
    if (!connection.isClosed())
      connection.publish(subject, JSON.stringify({ publisher: this.#id, ...(gone && { gone }) }))
  }

  #publish(connection: NatsConnection, topic: string, message: Message): void {
    if (topic.length > MAX_NAME_LENGTH || connection.isClosed()) return
    const body = this.#bodies.encode(topic, message)
    // Only what is kept has somebody who answers.
    const reply = this.#retention?.answerTo(topic, performance.now())
    this.#publishOn(connection, subjectOf(topic), body, { reply })
    for (const prefix of this.#peers.beginnings(topic)) {
      body.headers.set('Zc-Topic', encodeURIComponent(topic))
      this.#publishOn(connection, beginSubject(prefix), body, { isBegin: true })
    }
  }

  #publishOn(
    connection: NatsConnection,
    subject: string,
    { body, headers: common, id }: NatsBody,
    { isBegin = false, reply }: { readonly isBegin?: boolean; readonly reply?: string | undefined } = {},
  ): void {
    const room = (connection.info?.max_payload ?? 2 ** 20) - HEADER_BYTES - 2 * id.length
    const cuts = cutInParts(body, room)
    const of = cuts.length
    for (const [index, bytes] of cuts.entries()) {
      const part = index + 1
      const hdrs = part === 1 ? common : headers()
      if (part > 1) for (const [name, [value = '']] of common) hdrs.set(name, value)
      hdrs.set('Nats-Msg-Id', `${id}:${part}`)
      if (of > 1) hdrs.set('Zc-Part', `${part}/${of}`)
      connection.publish(isBegin ? `${subject}.${part}` : partSubject(subject, part), bytes, {
        headers: hdrs,
        // The whole is kept with its last part.
        ...(reply !== undefined && part === of && { reply }),
      })
      this.#window.sent(bytes.byteLength)
    }
  }
}

function topicOfMessage([topic = new Uint8Array()]: Message): string {
  return Buffer.from(topic.buffer, topic.byteOffset, topic.byteLength).toString('latin1')
}
