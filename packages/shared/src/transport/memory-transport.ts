import { setTimeout as delay } from 'node:timers/promises'
import type { Message } from '../envelope.ts'
import { ClosedError, EndpointError } from '../errors.ts'
import { parseEndpoint, parsePeerEndpoint } from '../endpoint.ts'
import type {
  PeerState,
  PublishSocket,
  SendOptions,
  SocketOptions,
  SubscribeSocket,
  Transport,
} from './transport.ts'

const DEFAULT_HIGH_WATER_MARK = 1000

/** The interval at which a message is retried when no queue had room for it. */
const RETRY_MS = 1

/**
 * Carries messages inside one process, by the same rules as ZeroMQ: prefix filters, a high-water mark for each
 * subscriber, no memory of what was sent before somebody subscribed. For tests, and for a publisher and its subscribers
 * in one program. Only sockets of the same instance reach each other.
 */
export class MemoryTransport implements Transport {
  readonly pattern = 'publish/subscribe'
  readonly #publishers = new Set<MemoryPublishSocket>()
  readonly #subscribers = new Set<MemorySubscribeSocket>()
  readonly #bound = new Set<string>()
  #freePorts = 0

  async openPublish(options: SocketOptions): Promise<PublishSocket> {
    const connects = check(options.connect)
    const bound = this.#bind(options.bind ?? [])
    const socket = new MemoryPublishSocket([...bound, ...connects], () => {
      this.#publishers.delete(socket)
      this.#release(bound)
      this.#meet()
    })
    this.#publishers.add(socket)
    this.#meet()
    return socket
  }

  async openSubscribe(options: SocketOptions): Promise<SubscribeSocket> {
    const connects = check(options.connect)
    const bound = this.#bind(options.bind ?? [])
    const limit = options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK
    const socket = new MemorySubscribeSocket([...bound, ...connects], limit, {
      prefix: (prefix, subscribed) => {
        for (const publisher of this.#publishers)
          if (reaches(publisher, socket)) publisher.tell(prefix, subscribed)
      },
      told: (told) => {
        for (const publisher of this.#publishers) if (reaches(publisher, socket)) publisher.take(told)
      },
      close: () => {
        this.#subscribers.delete(socket)
        this.#release(bound)
        this.#meet()
      },
    })
    this.#subscribers.add(socket)
    this.#meet()
    return socket
  }

  #bind(endpoints: readonly string[]): string[] {
    const bound: string[] = []
    try {
      for (const endpoint of endpoints) bound.push(this.#bindOne(endpoint))
    } catch (error) {
      this.#release(bound)
      throw error
    }
    return bound
  }

  #bindOne(endpoint: string): string {
    parseEndpoint(endpoint)
    let actual = endpoint
    if (endpoint.endsWith(':*')) {
      do actual = endpoint.replace(/\*$/, String((this.#freePorts += 1)))
      while (this.#bound.has(actual))
    }
    if (this.#bound.has(actual)) {
      throw new EndpointError(
        'ERR_ADDRESS_IN_USE',
        actual,
        `cannot bind ${actual}: address already in use (EADDRINUSE)`,
      )
    }
    this.#bound.add(actual)
    return actual
  }

  #release(endpoints: readonly string[]): void {
    for (const endpoint of endpoints) this.#bound.delete(endpoint)
  }

  /** Tells every socket which others it can reach: those that share one of its endpoints. */
  #meet(): void {
    for (const publisher of this.#publishers) {
      publisher.meet([...this.#subscribers].filter((subscriber) => reaches(publisher, subscriber)))
    }
    for (const subscriber of this.#subscribers) {
      subscriber.meet([...this.#publishers].filter((publisher) => reaches(publisher, subscriber)).length)
    }
  }
}

function check(endpoints: readonly string[] = []): readonly string[] {
  for (const endpoint of endpoints) parsePeerEndpoint(endpoint)
  return endpoints
}

function reaches(publisher: PublishSocket, subscriber: SubscribeSocket): boolean {
  return publisher.endpoints.some((endpoint) => subscriber.endpoints.includes(endpoint))
}

type SubscriptionListener = (prefix: string, subscribed: boolean) => void

class MemoryPublishSocket implements PublishSocket {
  readonly endpoints: readonly string[]
  readonly #onClose: () => void
  readonly #listeners: SubscriptionListener[] = []
  readonly #toldListeners: ((told: Uint8Array) => void)[] = []
  readonly #peerListeners: (() => void)[] = []
  #subscribers: readonly MemorySubscribeSocket[] = []
  #closed = false

  constructor(endpoints: readonly string[], onClose: () => void) {
    this.endpoints = endpoints
    this.#onClose = onClose
  }

  get peers(): number {
    return this.#subscribers.length
  }

  onPeers(listener: () => void): void {
    this.#peerListeners.push(listener)
  }

  async stuckPeers(): Promise<readonly string[]> {
    return []
  }

  async send(
    message: Message,
    { patient = false, signal, limitMs = Number.POSITIVE_INFINITY }: SendOptions = {},
  ): Promise<boolean> {
    const startedMs = performance.now()
    for (;;) {
      if (this.#closed) throw new ClosedError('the publishing socket')
      const takers = this.#subscribers.filter((subscriber) => subscriber.wants(message))
      const roomy = takers.filter((subscriber) => subscriber.hasRoom)
      if (!patient || roomy.length === takers.length) {
        for (const subscriber of roomy) subscriber.deliver(message)
        return roomy.length === takers.length
      }
      if (signal?.aborted || performance.now() - startedMs >= limitMs) return false
      await delay(RETRY_MS)
    }
  }

  onSubscription(listener: SubscriptionListener): void {
    this.#listeners.push(listener)
    for (const subscriber of this.#subscribers) {
      for (const prefix of subscriber.prefixes) listener(prefix, true)
    }
  }

  onTold(listener: (told: Uint8Array) => void): void {
    this.#toldListeners.push(listener)
  }

  take(told: Uint8Array): void {
    for (const listener of this.#toldListeners) listener(told)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#onClose()
  }

  meet(subscribers: readonly MemorySubscribeSocket[]): void {
    const before = new Set(this.#subscribers)
    const now = new Set(subscribers)
    this.#subscribers = subscribers
    for (const subscriber of now) if (!before.has(subscriber)) this.#report(subscriber, true)
    for (const subscriber of before) if (!now.has(subscriber)) this.#report(subscriber, false)
    if (now.size !== before.size) for (const listener of this.#peerListeners) listener()
  }

  #report(subscriber: MemorySubscribeSocket, subscribed: boolean): void {
    for (const prefix of subscriber.prefixes) this.tell(prefix, subscribed)
  }

  tell(prefix: string, subscribed: boolean): void {
    if (!subscribed && this.#subscribers.some((subscriber) => subscriber.hasPrefix(prefix))) return
    for (const listener of this.#listeners) listener(prefix, subscribed)
  }
}

interface SubscribeSocketEvents {
  prefix: SubscriptionListener
  told: (told: Uint8Array) => void
  close: () => void
}

class MemorySubscribeSocket implements SubscribeSocket {
  readonly endpoints: readonly string[]
  /** The number of subscriptions to each prefix; reported once, as ZeroMQ does. */
  readonly #prefixes = new Map<string, number>()
  readonly #limit: number
  readonly #on: SubscribeSocketEvents
  readonly #queue: Message[] = []
  readonly #listeners: ((state: PeerState) => void)[] = []
  #wake: () => void = () => undefined
  readonly #furtherPeerListeners: (() => void)[] = []
  #peers = 0
  #closed = false

  constructor(endpoints: readonly string[], limit: number, on: SubscribeSocketEvents) {
    this.endpoints = endpoints
    this.#limit = limit
    this.#on = on
  }

  get prefixes(): Iterable<string> {
    return this.#prefixes.keys()
  }

  hasPrefix(prefix: string): boolean {
    return this.#prefixes.has(prefix)
  }

  subscribe(prefix: string): void {
    const count = this.#prefixes.get(prefix) ?? 0
    this.#prefixes.set(prefix, count + 1)
    if (count === 0) this.#on.prefix(prefix, true)
  }

  unsubscribe(prefix: string): void {
    const count = this.#prefixes.get(prefix) ?? 0
    if (count > 1) this.#prefixes.set(prefix, count - 1)
    else if (this.#prefixes.delete(prefix)) this.#on.prefix(prefix, false)
  }

  tell(told: Uint8Array): void {
    if (!this.#closed) this.#on.told(told)
  }

  onPeerState(listener: (state: PeerState) => void): void {
    this.#listeners.push(listener)
    if (this.#peers > 0) listener('connected')
  }

  onFurtherPeer(listener: () => void): void {
    this.#furtherPeerListeners.push(listener)
  }

  async *messages(): AsyncGenerator<Message> {
    while (!this.#closed) {
      const message = this.#queue.shift()
      if (message) yield message
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#on.close()
    this.#wake()
  }

  get hasRoom(): boolean {
    return this.#queue.length < this.#limit
  }

  wants(message: Message): boolean {
    const topic = Buffer.from(message[0] ?? []).toString('latin1')
    for (const prefix of this.#prefixes.keys()) if (topic.startsWith(prefix)) return true
    return false
  }

  deliver(message: Message): void {
    this.#queue.push(message)
    this.#wake()
  }

  meet(peers: number): void {
    if (this.#closed) return
    const before = this.#peers
    this.#peers = peers
    if (peers > 0 !== before > 0) {
      for (const listener of this.#listeners) listener(peers > 0 ? 'connected' : 'connecting')
    } else if (peers > before) for (const listener of this.#furtherPeerListeners) listener()
  }
}
