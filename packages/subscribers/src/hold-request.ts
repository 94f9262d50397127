/**
 * A consumer that takes nothing for this long has stopped, and is not merely slow. While it takes something, publishers
 * are asked again at this interval: they do not wait for a subscriber that may have been forgotten.
 */
const STALLED_AFTER_MS = 1000

/** Publishers are released when this share of the limit is waiting. */
const RELEASE_AT = 0.75

/**
 * Asks lossless publishers to wait while a slow consumer has enough to do. The socket itself is always read: libzmq
 * 4.3.5 aborts the process when a connection ends whose messages are unread, and takes its peer for dead because pings
 * wait behind them (measured).
 *
 * A consumer that takes nothing at all for a second holds nobody up: values are kept up to the limit of the queue.
 */
export class HoldRequest {
  readonly #waitingBytes: () => number
  readonly #mostBytes: number
  readonly #hold: (held: boolean) => void
  #timer: NodeJS.Timeout | undefined
  /** True when the consumer has taken something. */
  #took = false

  /**
   * @param waitingBytes - Returns how much is waiting for the consumer now.
   * @param mostBytes - Publishers are held above this, and released below three quarters of it.
   * @param hold - Asks them to wait (`true`), and to continue. Repeating the request extends the wait.
   */
  constructor(waitingBytes: () => number, mostBytes: number, hold: (held: boolean) => void) {
    this.#waitingBytes = waitingBytes
    this.#mostBytes = mostBytes
    this.#hold = hold
  }

  /** Notes that more is waiting for the consumer. */
  added(): void {
    if (this.#timer || !this.#took || this.#waitingBytes() <= this.#mostBytes) return
    this.#took = false
    this.#timer = setInterval(() => {
      if (this.#took) this.#askAgain()
      else this.end()
      this.#took = false
    }, STALLED_AFTER_MS).unref()
    this.#hold(true)
  }

  /** Notes that the consumer has taken something. */
  took(): void {
    this.#took = true
    if (this.#timer && this.#waitingBytes() <= this.#mostBytes * RELEASE_AT) this.end()
  }

  /** Releases all publishers. */
  end(): void {
    if (!this.#timer) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#hold(false)
  }

  #askAgain(): void {
    this.#hold(false)
    this.#hold(true)
  }
}
