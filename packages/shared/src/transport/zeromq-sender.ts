import { setTimeout as delay } from 'node:timers/promises'
import type * as zmq from 'zeromq'
import type { Message } from '../envelope.ts'
import { ClosedError, systemErrorCode } from '../errors.ts'
import { setQuietly } from './quiet-options.ts'
import type { PublishSocket, SendOptions } from './transport.ts'
import type { ZeromqEndpoints } from './zeromq-endpoints.ts'

/** The interval at which a message is retried when no queue had room for it. */
const RETRY_MS = 1

/**
 * Pictures of a clip that begins late come in a burst, faster than ZeroMQ's thread takes them out of a short queue: 4
 * of 10 were lost on loopback (measured). A network that is really too slow is not waited for longer than this.
 */
const RETRIES_IN_A_BURST = 3

/**
 * Before that, a small message is retried in the next turns of the event loop, 0.15 ms in all: ZeroMQ's thread empties
 * a queue of 1000 of them faster than a timer fires. 145,000 messages a second to C instead of 114,000 (measured).
 * Larger messages take the thread longer, and it needs the CPU: there were 12 % fewer batches.
 */
const RETRY_TURNS = 50
const SMALL_BYTES = 1024

/**
 * Sends messages on a publishing socket, and retries while some subscriber's queue is full, as far as the caller wants.
 */
export class ZeromqSender implements Pick<PublishSocket, 'send'> {
  readonly #socket: zmq.XPublisher
  readonly #endpoints: Pick<ZeromqEndpoints, 'failure'>

  /** @param socket - One that refuses messages (`noDrop`) while any queue is full. */
  constructor(socket: zmq.XPublisher, endpoints: Pick<ZeromqEndpoints, 'failure'>) {
    this.#socket = socket
    this.#endpoints = endpoints
  }

  /** As {@link PublishSocket.send}. */
  async send(message: Message, { patient = false, signal, limitMs }: SendOptions = {}): Promise<boolean> {
    let deadlineMs: number | undefined
    for (let retries = 0; ; retries++) {
      if (this.#socket.closed) throw new ClosedError('the publishing socket')
      if (this.#endpoints.failure) throw this.#endpoints.failure
      try {
        await this.#socket.send(message as Buffer[])
        return true
      } catch (error) {
        // A queue is full; this is reported at once, whatever the timeout (measured).
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

  /** ZeroMQ does not report when it drops, so it is allowed to drop only after it has reported a full queue. */
  async #passOverFullQueues(message: Message): Promise<boolean> {
    setQuietly(this.#socket, 'noDrop', false)
    // Without a timeout, a send has succeeded or failed before the call returns.
    const sending = this.#socket.send(message as Buffer[])
    setQuietly(this.#socket, 'noDrop', true)
    await sending
    return false
  }
}

function isSmall(message: Message): boolean {
  return message.reduce((bytes, part) => bytes + part.byteLength, 0) <= SMALL_BYTES
}
