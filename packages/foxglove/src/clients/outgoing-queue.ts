import { frameFor } from '../message-frame.ts'

/** Where messages go. */
export interface Outlet {
  readonly bufferedBytes: number
  send(message: Uint8Array): void
}

interface Waiting {
  readonly message: Buffer
  readonly subscription: number
}

/** The system and the outlet hold as much; what waits beyond that waits here, where it can still be left out. */
const OUTLET_BYTES = 256 * 1024
/** What waits for one client. */
const MAX_BYTES = 4 * 2 ** 20
/** What each waiting message costs besides its bytes. */
const OVERHEAD_BYTES = 64
/** Sent messages at the front are cut off in bulk. */
const COMPACT_AT = 1024

/**
 * What waits for a client that takes less than it has subscribed to: at most 4 MiB, of which the oldest is left out first.
 * Messages are shared with other clients until they are sent.
 */
export class OutgoingQueue {
  readonly #outlet: Outlet
  #waiting: (Waiting | undefined)[] = []
  #first = 0
  #bytes = 0
  /** Places of the waiting messages that a newer one of the same subscription makes worthless. */
  readonly #replaceable = new Map<number, number>()
  /** Messages sent. */
  sent = 0
  /** Messages left out. */
  leftOut = 0

  constructor(outlet: Outlet) {
    this.#outlet = outlet
  }

  /** True when nothing waits. */
  get isEmpty(): boolean {
    return this.#first === this.#waiting.length
  }

  /**
   * Sends a message, or lets it wait.
   *
   * @param isNewestFirst - It takes the place of an earlier one of the same subscription that still waits.
   */
  push(message: Buffer, subscription: number, isNewestFirst: boolean): void {
    if (this.isEmpty && this.#outlet.bufferedBytes < OUTLET_BYTES)
      return this.#send({ message, subscription })
    this.#bytes += costOf(message)
    const place = isNewestFirst ? this.#replaceable.get(subscription) : undefined
    const replaced = place === undefined ? undefined : this.#waiting[place]
    if (place !== undefined && replaced) {
      this.#waiting[place] = { message, subscription }
      this.#bytes -= costOf(replaced.message)
      this.leftOut += 1
    } else {
      if (isNewestFirst) this.#replaceable.set(subscription, this.#waiting.length)
      this.#waiting.push({ message, subscription })
    }
    // One message alone may be larger.
    while (this.#bytes > MAX_BYTES && this.#waiting.length - this.#first > 1) {
      this.#take(this.#first)
      this.leftOut += 1
    }
  }

  /** Sends what the outlet has room for. */
  pump(): void {
    while (!this.isEmpty && this.#outlet.bufferedBytes < OUTLET_BYTES) {
      const next = this.#take(this.#first)
      if (next) this.#send(next)
    }
  }

  /** Forgets what waits for a subscription that has ended; it does not count as left out. */
  forget(subscription: number): void {
    for (let place = this.#first; place < this.#waiting.length; place++)
      if (this.#waiting[place]?.subscription === subscription) this.#take(place)
  }

  #send({ message, subscription }: Waiting): void {
    this.sent += 1
    this.#outlet.send(frameFor(message, subscription))
  }

  /** Takes out one message, and passes over empty places at the front. */
  #take(place: number): Waiting | undefined {
    const taken = this.#waiting[place]
    this.#waiting[place] = undefined
    if (taken) {
      this.#bytes -= costOf(taken.message)
      if (this.#replaceable.get(taken.subscription) === place) this.#replaceable.delete(taken.subscription)
    }
    while (!this.isEmpty && this.#waiting[this.#first] === undefined) this.#first += 1
    if (this.#first >= COMPACT_AT && this.#first * 2 >= this.#waiting.length) this.#compact()
    return taken
  }

  #compact(): void {
    this.#waiting = this.#waiting.slice(this.#first)
    for (const [subscription, place] of this.#replaceable)
      this.#replaceable.set(subscription, place - this.#first)
    this.#first = 0
  }
}

function costOf(message: Buffer): number {
  return message.byteLength + OVERHEAD_BYTES
}
