import { setTimeout as delay } from 'node:timers/promises'
import type * as zmq from 'zeromq'
import type { Message } from '../envelope.ts'
import { ClosedError, systemErrorCode } from '../errors.ts'
import { setQuietly } from './quiet-options.ts'
import type { PublishSocket, SendOptions } from './transport.ts'
import type { ZeromqEndpoints } from './zeromq-endpoints.ts'

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

/** Hands messages to a publishing socket, again while some subscriber's queue is full, as far as it is wanted. */
export class ZeromqSender implements Pick<PublishSocket, 'send'> {
  readonly #socket: zmq.XPublisher
  readonly #endpoints: Pick<ZeromqEndpoints, 'failure'>

  /** @param socket - One that refuses messages (`noDrop`) while somebody's queue is full. */
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

  /** ZeroMQ does not tell when it drops, so that it is asked to only once it has said that a queue is full. */
  async #passOverFullQueues(message: Message): Promise<boolean> {
    setQuietly(this.#socket, 'noDrop', false)
    // Without a timeout a send is done, or has failed, before the call returns.
    const sending = this.#socket.send(message as Buffer[])
    setQuietly(this.#socket, 'noDrop', true)
    await sending
    return false
  }
}

function isSmall(message: Message): boolean {
  return message.reduce((bytes, part) => bytes + part.byteLength, 0) <= SMALL_BYTES
}
