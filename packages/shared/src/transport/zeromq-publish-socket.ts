import type * as zmq from 'zeromq'
import type { Message } from '../envelope.ts'
import { stuckPeers, untilDelivered } from './kernel-queues.ts'
import type { PublishSocket, SendOptions } from './transport.ts'
import { ZeromqEndpoints, type EndpointOptions } from './zeromq-endpoints.ts'
import { ZeromqSender } from './zeromq-sender.ts'
import { ZeromqSubscriptions } from './zeromq-subscriptions.ts'

// From 500 ms on, zeromq.js prints on stderr at exit that it is waiting.
const DEFAULT_LINGER_MS = 400

/** The publishing end of {@link ZeromqTransport}. */
export class ZeromqPublishSocket implements PublishSocket {
  readonly #socket: zmq.XPublisher
  readonly #endpoints: ZeromqEndpoints
  readonly #sender: ZeromqSender
  readonly #peerListeners: (() => void)[] = []
  readonly #listeners: ((prefix: string, subscribed: boolean) => void)[] = []
  readonly #toldListeners: ((told: Uint8Array) => void)[] = []
  readonly #reading: Promise<void>
  readonly #subscriptions: ZeromqSubscriptions
  readonly #closeListeners: (() => void)[] = []

  /** @param socket - One that refuses messages (`noDrop`) while any queue is full, and reports each subscription. */
  constructor(socket: zmq.XPublisher, options: Omit<EndpointOptions, 'onPeers'>) {
    this.#socket = socket
    this.#endpoints = new ZeromqEndpoints(socket, {
      ...options,
      onPeers: () => {
        for (const listener of this.#peerListeners) listener()
      },
    })
    this.#sender = new ZeromqSender(socket, this.#endpoints)
    const refuse = (reason: 'subscriptions' | 'false-ends'): void =>
      options.onRefused(reason, this.endpoints.join(' and '))
    this.#subscriptions = new ZeromqSubscriptions(socket, {
      onChange: (prefix, subscribed) => {
        for (const listener of this.#listeners) listener(prefix, subscribed)
      },
      onFalseEnd: () => refuse('false-ends'),
      // ZeroMQ does not say which peer asks for too much.
      onTooMany: async () => {
        refuse('subscriptions')
        await this.cutOff()
      },
    })
    this.#reading = this.#readSubscriptions()
  }

  /** @throws {@link EndpointError} when an endpoint cannot be parsed, bound or connected to. */
  async attach(bind: readonly string[], connect: readonly string[]): Promise<void> {
    await this.#endpoints.attach(bind, connect)
  }

  get endpoints(): readonly string[] {
    return this.#endpoints.all
  }

  get peers(): number {
    return this.#endpoints.peers
  }

  onPeers(listener: () => void): void {
    this.#peerListeners.push(listener)
  }

  async stuckPeers(): Promise<readonly string[]> {
    return stuckPeers(this.endpoints)
  }

  send(message: Message, options?: SendOptions): Promise<boolean> {
    return this.#sender.send(message, options)
  }

  onSubscription(listener: (prefix: string, subscribed: boolean) => void): void {
    this.#listeners.push(listener)
  }

  onTold(listener: (told: Uint8Array) => void): void {
    this.#toldListeners.push(listener)
  }

  /** Cuts off every peer; peers that are allowed reconnect in the usual time. A single peer cannot be cut off. */
  async cutOff(): Promise<void> {
    // Messages still queued for the peers that are cut off are dropped.
    if (!this.#socket.closed) this.#socket.linger = 0
    await this.#endpoints.renew()
  }

  /** Calls `listener` when the socket closes. */
  onClose(listener: () => void): void {
    this.#closeListeners.push(listener)
  }

  async close(lingerMs = DEFAULT_LINGER_MS): Promise<void> {
    this.#endpoints.close()
    this.#subscriptions.close()
    for (const listener of this.#closeListeners.splice(0)) listener()
    if (!this.#socket.closed) {
      await untilDelivered(this.endpoints, lingerMs)
    }
    if (!this.#socket.closed) {
      this.#socket.linger = lingerMs
      this.#socket.close()
    }
    await this.#reading
  }

  async #readSubscriptions(): Promise<void> {
    try {
      // ZeroMQ treats the parts of one message as subscriptions too, and passes them on together.
      for await (const parts of this.#socket) {
        for (const part of parts) {
          if (this.#subscriptions.take(part)) continue
          for (const listener of this.#toldListeners) listener(part)
        }
      }
    } catch (error) {
      // A read in progress when the socket closes may fail (ENOTSOCK, measured).
      if (!this.#socket.closed) throw error
    }
  }
}
