import type { Message } from '../envelope.ts'
import { ClosedError, EndpointError } from '../errors.ts'
import { parseEndpoint } from '../endpoint.ts'
import type {
  PeerState,
  PublishSocket,
  PublishSocketOptions,
  SocketOptions,
  SubscribeSocket,
  Transport,
} from './transport.ts'

const DEFAULT_HIGH_WATER_MARK = 1000

/**
 * Carries messages inside one process, by the same rules as ZeroMQ: prefix filters, a high-water mark for each
 * subscriber, no memory of what was sent before somebody subscribed. For tests, and for a publisher and its
 * subscribers in one program. Sockets meet only on the same instance.
 */
export class MemoryTransport implements Transport {
  readonly pattern = 'publish/subscribe'
  readonly #publishers = new Set<MemoryPublishSocket>()
  readonly #subscribers = new Set<MemorySubscribeSocket>()
  readonly #bound = new Set<string>()
  #freePorts = 0

  async openPublish(options: PublishSocketOptions): Promise<PublishSocket> {
    const bound = this.#bind(options.bind ?? [])
    const socket = new MemoryPublishSocket([...bound, ...check(options.connect)], () => {
      this.#publishers.delete(socket)
      this.#release(bound)
      this.#meet()
    })
    this.#publishers.add(socket)
    this.#meet()
    return socket
  }

  async openSubscribe(options: SocketOptions): Promise<SubscribeSocket> {
    const bound = this.#bind(options.bind ?? [])
    const limit = options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK
    const socket = new MemorySubscribeSocket([...bound, ...check(options.connect)], limit, {
      prefix: (prefix, subscribed) => {
        for (const publisher of this.#publishers)
          if (reaches(publisher, socket)) publisher.tell(prefix, subscribed)
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
    return endpoints.map((endpoint) => {
      parseEndpoint(endpoint)
      const actual = endpoint.replace(/:\*$/, () => `:${(this.#freePorts += 1)}`)
      if (this.#bound.has(actual)) {
        throw new EndpointError(
          'ERR_ADDRESS_IN_USE',
          actual,
          `cannot bind ${actual}: address already in use (EADDRINUSE)`,
        )
      }
      this.#bound.add(actual)
      return actual
    })
  }

  #release(endpoints: readonly string[]): void {
    for (const endpoint of endpoints) this.#bound.delete(endpoint)
  }

  /** Tells every socket whom it can reach: those that share one of its endpoints. */
  #meet(): void {
    for (const publisher of this.#publishers) {
      publisher.meet([...this.#subscribers].filter((subscriber) => reaches(publisher, subscriber)))
    }
    for (const subscriber of this.#subscribers) {
      subscriber.meet([...this.#publishers].some((publisher) => reaches(publisher, subscriber)))
    }
  }
}

function check(endpoints: readonly string[] = []): readonly string[] {
  for (const endpoint of endpoints) parseEndpoint(endpoint)
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
  #subscribers: readonly MemorySubscribeSocket[] = []
  #closed = false

  constructor(endpoints: readonly string[], onClose: () => void) {
    this.endpoints = endpoints
    this.#onClose = onClose
  }

  async send(message: Message): Promise<void> {
    if (this.#closed) throw new ClosedError('the publishing socket')
    for (const subscriber of this.#subscribers) subscriber.deliver(message)
  }

  onSubscription(listener: SubscriptionListener): void {
    this.#listeners.push(listener)
    for (const subscriber of this.#subscribers) {
      for (const prefix of subscriber.prefixes) listener(prefix, true)
    }
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
  }

  #report(subscriber: MemorySubscribeSocket, subscribed: boolean): void {
    for (const prefix of subscriber.prefixes) this.tell(prefix, subscribed)
  }

  tell(prefix: string, subscribed: boolean): void {
    for (const listener of this.#listeners) listener(prefix, subscribed)
  }
}

interface SubscribeSocketEvents {
  prefix: SubscriptionListener
  close: () => void
}

class MemorySubscribeSocket implements SubscribeSocket {
  readonly endpoints: readonly string[]
  readonly prefixes: string[] = []
  readonly #limit: number
  readonly #on: SubscribeSocketEvents
  readonly #queue: Message[] = []
  readonly #listeners: ((state: PeerState) => void)[] = []
  #wake: () => void = () => undefined
  #connected = false
  #closed = false

  constructor(endpoints: readonly string[], limit: number, on: SubscribeSocketEvents) {
    this.endpoints = endpoints
    this.#limit = limit
    this.#on = on
  }

  subscribe(prefix: string): void {
    this.prefixes.push(prefix)
    this.#on.prefix(prefix, true)
  }

  unsubscribe(prefix: string): void {
    const index = this.prefixes.indexOf(prefix)
    if (index === -1) return
    this.prefixes.splice(index, 1)
    this.#on.prefix(prefix, false)
  }

  onPeerState(listener: (state: PeerState) => void): void {
    this.#listeners.push(listener)
    if (this.#connected) listener('connected')
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

  deliver(message: Message): void {
    const topic = Buffer.from(message[0] ?? []).toString('latin1')
    if (!this.prefixes.some((prefix) => topic.startsWith(prefix)) || this.#queue.length >= this.#limit) return
    this.#queue.push(message)
    this.#wake()
  }

  meet(connected: boolean): void {
    if (connected === this.#connected || this.#closed) return
    this.#connected = connected
    for (const listener of this.#listeners) listener(connected ? 'connected' : 'connecting')
  }
}
