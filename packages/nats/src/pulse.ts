import type { NatsConnection } from './nats-library.ts'

/** How often a busy connection is asked how far behind it is. */
const LOOK_MS = 250

/** The share of the heartbeat between two pings of a quiet connection. */
const PING_SHARE = 0.4

/** The events of a {@link Pulse}. */
export interface PulseListener {
  /** Called while a ping is not answered, and when it is, with its age in milliseconds. */
  readonly onDelay: (ms: number) => void
  /** Called when nothing at all came for the heartbeat although it was asked for. */
  readonly onSilence: () => void
}

/**
 * Pings a server. The answer comes behind all messages that wait there for this end, so that its age tells how far
 * behind this end is; and while messages come, the server is not dead.
 */
export class Pulse {
  readonly #connection: NatsConnection
  readonly #heartbeatMs: number
  readonly #listener: PulseListener
  readonly #timer: NodeJS.Timeout
  #sentAtMs: number | undefined
  #answeredAtMs = performance.now()
  #heardAtMs = performance.now()
  #received = 0

  constructor(connection: NatsConnection, heartbeatMs: number, listener: PulseListener) {
    this.#connection = connection
    this.#heartbeatMs = heartbeatMs
    this.#listener = listener
    this.#timer = setInterval(() => this.#look(), Math.min(LOOK_MS, heartbeatMs / 4)).unref()
  }

  /** For how long a ping has waited behind messages, in milliseconds; 0 when none waits, or nothing comes at all. */
  get behindMs(): number {
    if (this.#sentAtMs === undefined || this.#heardAtMs <= this.#sentAtMs) return 0
    return performance.now() - this.#sentAtMs
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const nowMs = performance.now()
    const { inMsgs } = this.#connection.stats()
    const isBusy = inMsgs !== this.#received
    this.#received = inMsgs
    if (isBusy) this.#heardAtMs = nowMs
    if (this.#sentAtMs === undefined) {
      if (isBusy || nowMs - this.#answeredAtMs >= this.#heartbeatMs * PING_SHARE) this.#ping(nowMs)
      return
    }
    this.#listener.onDelay(nowMs - this.#sentAtMs)
    if (nowMs - Math.max(this.#heardAtMs, this.#sentAtMs) > this.#heartbeatMs * (1 - PING_SHARE))
      this.#listener.onSilence()
  }

  #ping(nowMs: number): void {
    this.#sentAtMs = nowMs
    const answered = (): void => {
      this.#answeredAtMs = performance.now()
      this.#sentAtMs = undefined
      this.#listener.onDelay(this.#answeredAtMs - nowMs)
    }
    // A connection that ends is told of elsewhere.
    this.#connection.flush().then(answered, () => undefined)
  }
}
