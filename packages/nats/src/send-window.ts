import type { NatsConnection } from './nats-library.ts'

/** What may be on its way to the server. */
const MAX_BYTES = 16 * 1024 * 1024

/** A queue of pictures is short. */
const PICTURES = 64

/** What is on its way for so long stands in a queue: pictures, and others. */
const OLD_MS = { pictures: 150, others: 1000 }

/**
 * What was handed to a connection and has not reached the server yet, as its answers to pings tell: a ping follows the
 * message, and one more for each answer. NATS itself tells a publisher nothing of it.
 */
export class SendWindow {
  readonly #highWaterMark: number
  #connection: NatsConnection | undefined
  #messages = 0
  #bytes = 0
  /** True while a ping is on its way. */
  #isAsking = false
  #askedAtMs = 0
  /** The shortest round trip. */
  #leastMs = Number.POSITIVE_INFINITY

  constructor(highWaterMark: number) {
    this.#highWaterMark = highWaterMark
  }

  /** Begins anew on another connection, or on none. */
  begin(connection: NatsConnection | undefined): void {
    this.#connection = connection
    this.#messages = 0
    this.#bytes = 0
    this.#isAsking = false
  }

  /** True when what was sent stands in a queue. */
  get isFull(): boolean {
    if (this.#bytes >= MAX_BYTES) return true
    if (this.#messages < this.#highWaterMark || !this.#isAsking) return false
    const oldMs = this.#highWaterMark <= PICTURES ? OLD_MS.pictures : OLD_MS.others
    return performance.now() - this.#askedAtMs > Math.max(oldMs, 2 * this.#leastMs)
  }

  /** Counts a message that was handed over. */
  sent(bytes: number): void {
    this.#messages += 1
    this.#bytes += bytes
    if (!this.#isAsking) this.#ask()
  }

  #ask(): void {
    const connection = this.#connection
    if (!connection) return
    const [messages, bytes, askedAtMs] = [this.#messages, this.#bytes, performance.now()]
    this.#isAsking = true
    this.#askedAtMs = askedAtMs
    const answered = (): void => {
      if (connection !== this.#connection) return
      this.#leastMs = Math.min(this.#leastMs, performance.now() - askedAtMs)
      this.#messages -= messages
      this.#bytes -= bytes
      this.#isAsking = false
      if (this.#messages > 0) this.#ask()
    }
    connection.flush().then(answered, () => undefined)
  }
}
