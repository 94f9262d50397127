import { setTimeout as delay } from 'node:timers/promises'
import type * as zmq from 'zeromq'
import type { Message } from '../envelope.ts'
import { ClosedError, EndpointError, systemErrorCode } from '../errors.ts'
import type { RefusalReason } from '../security/refusal.ts'
import { MAX_TOPIC_BYTES } from '../topic.ts'
import { SubscriptionLimit } from './subscription-limit.ts'
import type { PublishSocket, SendOptions } from './transport.ts'
import { untilDelivered } from './kernel-queues.ts'
import { ZeromqConnections } from './zeromq-connections.ts'

// From 500 ms on zeromq.js says on stderr, at exit, that it waits.
const DEFAULT_LINGER_MS = 400

/** How often a message is tried again that no queue had room for. */
const RETRY_MS = 1

/**
 * Before that a small message is tried again in the next turns of the event loop, 0.15 ms in all: ZeroMQ's thread empties
 * a queue of 1000 of them faster than a timer fires. 145,000 messages a second to C rather than 114,000 (measured).
 * Larger ones take it longer, and it needs the CPU: batches were 12 % fewer.
 */
const RETRY_TURNS = 50
const SMALL_BYTES = 1024

/** How long an address that was given up may be taken by somebody else; some milliseconds are usual. */
const REBIND_WITHIN_MS = 10_000

const REBIND_EVERY_MS = 2

/** The publishing end of {@link ZeromqTransport}. */
export class ZeromqPublishSocket implements PublishSocket {
  endpoints: readonly string[] = []
  readonly #socket: zmq.XPublisher
  readonly #connections: ZeromqConnections
  readonly #peerListeners: (() => void)[] = []
  readonly #listeners: ((prefix: string, subscribed: boolean) => void)[] = []
  readonly #reading: Promise<void>
  readonly #connects: readonly string[]
  readonly #onRefused: (reason: RefusalReason, endpoint: string) => void
  readonly #limit = new SubscriptionLimit()
  readonly #closeListeners: (() => void)[] = []
  #cutting: Promise<void> | undefined
  #failure: EndpointError | undefined

  /**
   * @param socket - One that refuses messages (`noDrop`) while somebody's queue is full.
   * @param connects - The endpoints among all that this socket connects to, rather than listens on.
   * @param onRefused - Called when a peer has broken the protocol or the limit of subscriptions.
   */
  constructor(
    socket: zmq.XPublisher,
    connects: readonly string[],
    onRefused: (reason: RefusalReason, endpoint: string) => void,
  ) {
    this.#socket = socket
    this.#connects = connects
    this.#connections = new ZeromqConnections(
      socket,
      connects,
      () => {
        for (const listener of this.#peerListeners) listener()
      },
      (endpoint) => onRefused('protocol', endpoint),
    )
    this.#onRefused = onRefused
    this.#reading = this.#readSubscriptions()
  }

  get peers(): number {
    return this.#connections.peers
  }

  onPeers(listener: () => void): void {
    this.#peerListeners.push(listener)
  }

  async send(message: Message, { patient = false, signal }: SendOptions = {}): Promise<boolean> {
    for (let retries = 0; ; retries++) {
      if (this.#socket.closed) throw new ClosedError('the publishing socket')
      if (this.#failure) throw this.#failure
      try {
        await this.#socket.send(message as Buffer[])
        return true
      } catch (error) {
        // A queue is full, which is said at once, whatever the timeout (measured).
        if (systemErrorCode(error) !== 'EAGAIN')
          throw this.#socket.closed ? new ClosedError('the publishing socket') : error
        if (!patient) return this.#passOverFullQueues(message)
        if (signal?.aborted) return false
        if (retries < RETRY_TURNS && isSmall(message)) await new Promise(setImmediate)
        else await delay(RETRY_MS)
      }
    }
  }

  onSubscription(listener: (prefix: string, subscribed: boolean) => void): void {
    this.#listeners.push(listener)
  }

  /**
   * Cuts off every peer, also those that do not read any more; who may come back does so in the usual time. One peer
   * alone cannot be cut off. Endpoints within the process stay as they are: keys mean nothing there.
   */
  async cutOff(): Promise<void> {
    // An endpoint that is not open again yet cannot be taken away.
    while (this.#cutting) await this.#cutting
    if (this.#socket.closed) return
    this.#cutting = this.#renewAll().finally(() => (this.#cutting = undefined))
    await this.#cutting
  }

  async #renewAll(): Promise<void> {
    // What still waits for those who are cut off is dropped.
    this.#socket.linger = 0
    const endpoints = this.endpoints.filter((endpoint) => !endpoint.startsWith('inproc:'))
    await Promise.all(endpoints.map(async (endpoint) => this.#renew(endpoint)))
  }

  /**
   * Everything happens on this thread: `unbind` and `bind` of zeromq.js work in another one while this one may look at
   * the socket, which ends in failed assertions of libzmq now and then (measured). For libzmq, `disconnect` is the same
   * as `unbind`.
   */
  async #renew(endpoint: string): Promise<void> {
    const isBound = !this.#connects.includes(endpoint)
    this.#socket.disconnect(endpoint)
    this.#connections.remove(endpoint)
    if (!isBound) return this.#socket.connect(endpoint)
    const deadlineMs = performance.now() + REBIND_WITHIN_MS
    while (!this.#socket.closed) {
      try {
        return this.#socket.bindSync(endpoint)
      } catch (error) {
        if (performance.now() > deadlineMs) {
          const message = `cannot bind ${endpoint} again after a key was removed: ${systemErrorCode(error) ?? 'unknown'}; start the publisher anew`
          this.#failure = new EndpointError('ERR_ADDRESS_UNAVAILABLE', endpoint, message, { cause: error })
          return
        }
        await delay(REBIND_EVERY_MS)
      }
    }
  }

  /** Calls `listener` when the socket closes. */
  onClose(listener: () => void): void {
    this.#closeListeners.push(listener)
  }

  /** Which peer it is that asks for too much, ZeroMQ does not tell. */
  #limitSubscriptions(prefix: string, subscribed: boolean): void {
    if (!subscribed) return this.#limit.delete(prefix)
    // While peers are being cut off, what is read was asked for by them.
    if (!this.#limit.add(prefix) || this.#cutting) return
    this.#onRefused('subscriptions', this.endpoints.join(' and '))
    void this.cutOff()
  }

  async close(lingerMs = DEFAULT_LINGER_MS): Promise<void> {
    this.#connections.close()
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

  /** ZeroMQ does not tell when it drops, so that it is asked to only once it has said that a queue is full. */
  async #passOverFullQueues(message: Message): Promise<boolean> {
    this.#setNoDrop(false)
    // Without a timeout a send is done, or has failed, before the call returns.
    const sending = this.#socket.send(message as Buffer[])
    this.#setNoDrop(true)
    await sending
    return false
  }

  /** zeromq.js warns each time that this waits for the next bind; libzmq reads it with every send (measured). */
  #setNoDrop(value: boolean): void {
    const emitWarning = Reflect.get(process, 'emitWarning')
    process.emitWarning = () => undefined
    try {
      this.#socket.noDrop = value
    } finally {
      process.emitWarning = emitWarning
    }
  }

  async #readSubscriptions(): Promise<void> {
    try {
      // ZeroMQ takes the parts of one message for subscriptions as well, and hands them on together.
      for await (const parts of this.#socket) for (const part of parts) this.#readSubscription(part)
    } catch (error) {
      // A read that is under way when the socket closes may fail (ENOTSOCK, measured).
      if (!this.#socket.closed) throw error
    }
  }

  #readSubscription(part: Buffer): void {
    const [change] = part
    // XPUB hands on whatever else a peer sends; only 0 and 1 have a meaning (ZMTP 3, RFC 37).
    if (change !== 0 && change !== 1) return
    const prefix = part.toString('latin1', 1)
    this.#limitSubscriptions(prefix, change === 1)
    // No topic is longer, so nothing can be meant by it.
    if (prefix.length > MAX_TOPIC_BYTES) return
    for (const listener of this.#listeners) listener(prefix, change === 1)
  }
}

function isSmall(message: Message): boolean {
  return message.reduce((bytes, part) => bytes + part.byteLength, 0) <= SMALL_BYTES
}
