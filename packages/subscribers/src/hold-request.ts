/**
 * A consumer that takes nothing for this long has stopped, rather than being slow. While it takes something, publishers are
 * asked again as often: they do not wait for somebody who may have been forgotten.
 */
const STALLED_AFTER_MS = 1000

/** It is over when so much of the limit waits. */
const RELEASE_AT = 0.75

/**
 * Asks publishers that may lose nothing to wait while a slow consumer has enough to do. The socket itself is always
 * read: libzmq 4.3.5 aborts the process when a connection ends whose messages are left unread, and takes its peer for
 * dead because pings wait behind them (measured).
 *
 * A consumer that takes nothing at all for a second holds nobody up: what comes is kept up to the limit of the queue.
 */
export class HoldRequest {
  readonly #waitingBytes: () => number
  readonly #mostBytes: number
  readonly #hold: (held: boolean) => void
  #timer: NodeJS.Timeout | undefined
  /** Whether the consumer is at work. */
  #took = false

  /**
   * @param waitingBytes - How much waits for the consumer now.
   * @param mostBytes - Publishers are held above this, and released below three quarters of it.
   * @param hold - Asks them to wait (`true`), and to go on. One right after the other asks them to wait for longer.
   */
  constructor(waitingBytes: () => number, mostBytes: number, hold: (held: boolean) => void) {
    this.#waitingBytes = waitingBytes
    this.#mostBytes = mostBytes
    this.#hold = hold
  }

  /** Something more waits for the consumer. */
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

  /** The consumer has taken something. */
  took(): void {
    this.#took = true
    if (this.#timer && this.#waitingBytes() <= this.#mostBytes * RELEASE_AT) this.end()
  }

  /** Holds nobody any more. */
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
