import { setTimeout as delay } from 'node:timers/promises'
import type * as zmq from 'zeromq'
import type { Message } from '../envelope.ts'
import { ClosedError, systemErrorCode } from '../errors.ts'
import { MAX_TOPIC_BYTES } from '../topic.ts'
import type { PublishSocket } from './transport.ts'

// From 500 ms on zeromq.js says on stderr, at exit, that it waits.
const DEFAULT_LINGER_MS = 400

/** How often a message is tried again that no queue had room for. */
const RETRY_MS = 1

/** The publishing end of {@link ZeromqTransport}. */
export class ZeromqPublishSocket implements PublishSocket {
  readonly endpoints: readonly string[]
  readonly #socket: zmq.XPublisher
  readonly #listeners: ((prefix: string, subscribed: boolean) => void)[] = []
  readonly #reading: Promise<void>

  constructor(socket: zmq.XPublisher, endpoints: readonly string[]) {
    this.#socket = socket
    this.endpoints = endpoints
    this.#reading = this.#readSubscriptions()
  }

  async send(message: Message, signal?: AbortSignal): Promise<boolean> {
    for (;;) {
      if (this.#socket.closed) throw new ClosedError('the publishing socket')
      try {
        await this.#socket.send(message as Buffer[])
        return true
      } catch (error) {
        // Only a socket that may lose nothing says so: a queue is full, at once, whatever the timeout (measured).
        if (systemErrorCode(error) !== 'EAGAIN')
          throw this.#socket.closed ? new ClosedError('the publishing socket') : error
        if (signal?.aborted) return false
        await delay(RETRY_MS)
      }
    }
  }

  onSubscription(listener: (prefix: string, subscribed: boolean) => void): void {
    this.#listeners.push(listener)
  }

  async close(lingerMs = DEFAULT_LINGER_MS): Promise<void> {
    if (!this.#socket.closed) {
      this.#socket.linger = lingerMs
      this.#socket.close()
    }
    await this.#reading
  }

  async #readSubscriptions(): Promise<void> {
    for await (const [message] of this.#socket) {
      // No topic is longer, so nothing can be meant by it.
      if (!message || message.length < 1 || message.length > MAX_TOPIC_BYTES + 1) continue
      const [change] = message
      // XPUB hands on whatever else a peer sends; only 0 and 1 have a meaning (ZMTP 3, RFC 37).
      if (change !== 0 && change !== 1) continue
      const prefix = message.toString('latin1', 1)
      for (const listener of this.#listeners) listener(prefix, change === 1)
    }
  }
}
