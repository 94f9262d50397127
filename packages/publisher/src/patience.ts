/** How long, and in the long run for how much, others are made to wait. */
export interface PatienceOptions {
  /** In one go, in milliseconds. */
  readonly allowanceMs: number
  /** So many earn a second of it back. */
  readonly messagesASecond: number
}

/**
 * As long as one takes 100 messages a second its queue is waited for without end. ZeroMQ tells of room only when half of a
 * queue is empty, which is 8 MiB: 27 s on a link of 300 kB/s.
 */
export const FOR_FULL_QUEUES: PatienceOptions = { allowanceMs: 30_000, messagesASecond: 100 }

/** Who asks to be waited for has room for all that comes meanwhile, for a time. */
export const FOR_HOLDS: PatienceOptions = { allowanceMs: 5000, messagesASecond: 1000 }

/** So many bytes earn a second back as well, where that is less. */
const BYTES_A_SECOND = 128 * 1024

/**
 * How long a publisher that may lose nothing may still stand still for slow subscribers. A slow one cannot be told from one
 * that wants to hold up the others: what is sent earns time back, so that in the long run so much goes on whatever any
 * subscriber does.
 */
export class Patience {
  readonly #options: PatienceOptions
  #leftMs: number
  #isUsedUp = false

  constructor(options: PatienceOptions) {
    this.#options = options
    this.#leftMs = options.allowanceMs
  }

  /** Milliseconds. */
  get leftMs(): number {
    return this.#leftMs
  }

  /** Takes note of a wait. @returns Whether that has used it up, for the first time since half of it was there. */
  spend(ms: number): boolean {
    this.#leftMs = Math.max(0, this.#leftMs - ms)
    if (this.#leftMs > 0 || this.#isUsedUp) return false
    this.#isUsedUp = true
    return true
  }

  /** Takes note of a message that was sent. */
  earn(bytes: number): void {
    const { allowanceMs, messagesASecond } = this.#options
    if (this.#leftMs === allowanceMs) return
    const earnedMs = Math.max(1000 / messagesASecond, (bytes * 1000) / BYTES_A_SECOND)
    this.#leftMs = Math.min(allowanceMs, this.#leftMs + earnedMs)
    if (this.#leftMs >= allowanceMs / 2) this.#isUsedUp = false
  }
}
