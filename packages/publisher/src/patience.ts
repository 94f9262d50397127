/** The limits on how long others are made to wait. */
export interface PatienceOptions {
  /** The longest single wait, in milliseconds. */
  readonly allowanceMs: number
  /** The number of messages that earn back one second. */
  readonly messagesASecond: number
}

/**
 * While a subscriber reads 100 messages a second, its queue is waited for without limit. ZeroMQ reports room only when
 * half of a queue is empty, which is 8 MiB: 27 s on a link of 300 kB/s.
 */
export const FOR_FULL_QUEUES: PatienceOptions = { allowanceMs: 30_000, messagesASecond: 100 }

/** A subscriber that asks the publisher to wait has time to make room for everything that comes meanwhile. */
export const FOR_HOLDS: PatienceOptions = { allowanceMs: 5000, messagesASecond: 1000 }

/** This many bytes earn back a second as well, if they are fewer. */
const BYTES_A_SECOND = 128 * 1024

/**
 * The time for which a lossless publisher may still wait for slow subscribers. A slow subscriber cannot be told from
 * one that wants to hold up the others: what is sent earns time back, so that in the long run a minimum is sent
 * whatever any subscriber does.
 */
export class Patience {
  readonly #options: PatienceOptions
  #leftMs: number
  #isUsedUp = false

  constructor(options: PatienceOptions) {
    this.#options = options
    this.#leftMs = options.allowanceMs
  }

  /** Milliseconds left. */
  get leftMs(): number {
    return this.#leftMs
  }

  /** Subtracts a wait. @returns True when that used up the time, for the first time since half of it was available. */
  spend(ms: number): boolean {
    this.#leftMs = Math.max(0, this.#leftMs - ms)
    if (this.#leftMs > 0 || this.#isUsedUp) return false
    this.#isUsedUp = true
    return true
  }

  /** Adds time for a message that was sent. */
  earn(bytes: number): void {
    const { allowanceMs, messagesASecond } = this.#options
    if (this.#leftMs === allowanceMs) return
    const earnedMs = Math.max(1000 / messagesASecond, (bytes * 1000) / BYTES_A_SECOND)
    this.#leftMs = Math.min(allowanceMs, this.#leftMs + earnedMs)
    if (this.#leftMs >= allowanceMs / 2) this.#isUsedUp = false
  }
}
