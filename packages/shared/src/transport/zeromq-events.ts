import { setTimeout as delay } from 'node:timers/promises'
import type * as zmq from 'zeromq'

/**
 * Connections that could not be accepted are reported in floods: while the process has no descriptor left, ZeroMQ
 * retries at once, without end, and nothing else would run here. ZeroMQ waits for its events to be taken, so taking
 * them slowly slows it down; but it continues only once 1000 of them were taken, and serves nobody until then. 5000 a
 * second left a viewer 25 % of its pictures, 20,000 nearly all, for a tenth of a core (measured; without a pause one
 * core was busy).
 */
const FAILURES_AT_ONCE = 200
const PAUSE_MS = 10

/**
 * Passes on ZeroMQ's events about a socket's connections. Create it before the socket binds or connects, or the first
 * events are missed.
 */
export class ZeromqEvents {
  readonly #listeners = new Map<zmq.EventType, ((event: never) => void)[]>()

  constructor(socket: zmq.Socket) {
    void this.#tellAll(socket)
  }

  /** Calls `listener` with each event of a type. */
  on<T extends zmq.EventType>(type: T, listener: (event: zmq.EventOfType<T>) => void): void {
    const listeners = this.#listeners.get(type)
    if (listeners) listeners.push(listener)
    else this.#listeners.set(type, [listener])
  }

  async #tellAll(socket: zmq.Socket): Promise<void> {
    let failures = 0
    for await (const event of socket.events) {
      // A connection that could not even be opened is closed without any of its details, whatever the types say.
      if ((event as { readonly address?: string }).address === undefined) continue
      for (const listener of this.#listeners.get(event.type) ?? []) listener(event as never)
      if (event.type !== 'accept:error') continue
      failures += 1
      if (failures % FAILURES_AT_ONCE === 0) await delay(PAUSE_MS, undefined, { ref: false })
    }
  }
}
