import { setTimeout as delay } from 'node:timers/promises'
import type * as zmq from 'zeromq'
import type { Message } from '../envelope.ts'
import { ClosedError, systemErrorCode } from '../errors.ts'
import { stuckPeers, untilDelivered } from './kernel-queues.ts'
import { setQuietly } from './quiet-options.ts'
import type { PublishSocket, SendOptions } from './transport.ts'
import { ZeromqEndpoints, type EndpointOptions } from './zeromq-endpoints.ts'
import { ZeromqSubscriptions } from './zeromq-subscriptions.ts'

// From 500 ms on zeromq.js says on stderr, at exit, that it waits.
const DEFAULT_LINGER_MS = 400

/** How often a message is tried again that no queue had room for. */
const RETRY_MS = 1

/**
 * Pictures of a clip that begins late come in a burst, faster than ZeroMQ's thread takes them out of a short queue: 4 of
 * 10 were lost on loopback (measured). A network that is really too slow is not waited for any longer than this.
 */
const RETRIES_IN_A_BURST = 3

/**
 * Before that a small message is tried again in the next turns of the event loop, 0.15 ms in all: ZeroMQ's thread empties
 * a queue of 1000 of them faster than a timer fires. 145,000 messages a second to C rather than 114,000 (measured).
 * Larger ones take it longer, and it needs the CPU: batches were 12 % fewer.
 */
const RETRY_TURNS = 50
const SMALL_BYTES = 1024

/** The publishing end of {@link ZeromqTransport}. */
export class ZeromqPublishSocket implements PublishSocket {
  readonly #socket: zmq.XPublisher
  readonly #endpoints: ZeromqEndpoints
  readonly #peerListeners: (() => void)[] = []
  readonly #listeners: ((prefix: string, subscribed: boolean) => void)[] = []
  readonly #toldListeners: ((told: Uint8Array) => void)[] = []
  readonly #reading: Promise<void>
  readonly #subscriptions: ZeromqSubscriptions
  readonly #closeListeners: (() => void)[] = []

  /** @param socket - One that refuses messages (`noDrop`) while somebody's queue is full, and tells of each subscription. */
  constructor(socket: zmq.XPublisher, options: Omit<EndpointOptions, 'onPeers'>) {
    this.#socket = socket
    this.#endpoints = new ZeromqEndpoints(socket, {
      ...options,
      onPeers: () => {
        for (const listener of this.#peerListeners) listener()
      },
    })
    const refuse = (reason: 'subscriptions' | 'false-ends'): void =>
      options.onRefused(reason, this.endpoints.join(' and '))
    this.#subscriptions = new ZeromqSubscriptions(socket, {
      onChange: (prefix, subscribed) => {
        for (const listener of this.#listeners) listener(prefix, subscribed)
      },
      onFalseEnd: () => refuse('false-ends'),
      // Which peer it is that asks for too much, ZeroMQ does not tell.
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

  async send(message: Message, { patient = false, signal, limitMs }: SendOptions = {}): Promise<boolean> {
    let deadlineMs: number | undefined
    for (let retries = 0; ; retries++) {
      if (this.#socket.closed) throw new ClosedError('the publishing socket')
      if (this.#endpoints.failure) throw this.#endpoints.failure
      try {
        await this.#socket.send(message as Buffer[])
        return true
      } catch (error) {
        // A queue is full, which is said at once, whatever the timeout (measured).
        if (systemErrorCode(error) !== 'EAGAIN')
          throw this.#socket.closed ? new ClosedError('the publishing socket') : error
        if (!patient) {
          if (retries >= RETRIES_IN_A_BURST) return this.#passOverFullQueues(message)
          await delay(RETRY_MS)
          continue
        }
        if (signal?.aborted) return false
        if (limitMs !== undefined) {
          const nowMs = performance.now()
          deadlineMs ??= nowMs + limitMs
          if (nowMs >= deadlineMs) return false
        }
        if (retries < RETRY_TURNS && isSmall(message)) await new Promise(setImmediate)
        else await delay(RETRY_MS)
      }
    }
  }

  onSubscription(listener: (prefix: string, subscribed: boolean) => void): void {
    this.#listeners.push(listener)
  }

  onTold(listener: (told: Uint8Array) => void): void {
    this.#toldListeners.push(listener)
  }

  /** Cuts off every peer; who may come back does so in the usual time. One peer alone cannot be cut off. */
  async cutOff(): Promise<void> {
    // What still waits for those who are cut off is dropped.
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

  /** ZeroMQ does not tell when it drops, so that it is asked to only once it has said that a queue is full. */
  async #passOverFullQueues(message: Message): Promise<boolean> {
    setQuietly(this.#socket, 'noDrop', false)
    // Without a timeout a send is done, or has failed, before the call returns.
    const sending = this.#socket.send(message as Buffer[])
    setQuietly(this.#socket, 'noDrop', true)
    await sending
    return false
  }

  async #readSubscriptions(): Promise<void> {
    try {
      // ZeroMQ takes the parts of one message for subscriptions as well, and hands them on together.
      for await (const parts of this.#socket) {
        for (const part of parts) {
          if (this.#subscriptions.take(part)) continue
          for (const listener of this.#toldListeners) listener(part)
        }
      }
    } catch (error) {
      // A read that is under way when the socket closes may fail (ENOTSOCK, measured).
      if (!this.#socket.closed) throw error
    }
  }
}

function isSmall(message: Message): boolean {
  return message.reduce((bytes, part) => bytes + part.byteLength, 0) <= SMALL_BYTES
}
