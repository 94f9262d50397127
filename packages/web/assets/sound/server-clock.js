/**
 * The server's clock as a page sees it. The page asks `clock T` on any of its connections, T being its own time, and
 * hands over the answers; each connection of a page may share one of these.
 */

/** A question is worth asking again after this long, for clocks drift. */
export const CLOCK_INTERVAL_MS = 10_000

export class ServerClock {
  /** Milliseconds to add to the page's own time; until an answer came, what the page's own calendar says. */
  #offsetMs = performance.timeOrigin
  #tripMs = Number.POSITIVE_INFINITY
  #isKnown = false

  /** Whether an answer ever came. */
  get isKnown() {
    return this.#isKnown
  }

  /** How far off it may be, in milliseconds. */
  get uncertaintyMs() {
    return this.#tripMs / 2
  }

  /** The question to ask now. */
  get question() {
    return `clock ${performance.now().toFixed(3)}`
  }

  /**
   * Takes an answer.
   *
   * @param {number} askedMs When it was asked, by the page's own time.
   * @param {number} time Seconds since the Unix epoch, by the server's clock.
   * @param {number} [nowMs]
   * @returns {boolean} Whether it is the first since the clock was doubted: another may be quicker.
   */
  answer(askedMs, time, nowMs = performance.now()) {
    const tripMs = nowMs - askedMs
    const isFirst = this.#tripMs === Number.POSITIVE_INFINITY
    this.#isKnown = true
    // The fastest answer tells the time best; an old one fades, for clocks drift.
    if (tripMs <= this.#tripMs * 1.5) {
      this.#offsetMs = time * 1000 - (askedMs + nowMs) / 2
      this.#tripMs = tripMs
    } else this.#tripMs *= 1.2
    return isFirst
  }

  /** Takes the next answer whatever it is: the server may be another one. */
  doubt() {
    this.#tripMs = Number.POSITIVE_INFINITY
  }

  /** The page's own time at a time of the server, in milliseconds. @param {number} time Seconds since the Unix epoch. */
  pageMs(time) {
    return time * 1000 - this.#offsetMs
  }

  /** The server's time at a time of the page, in seconds since the Unix epoch. @param {number} pageMs */
  timeAt(pageMs) {
    return (pageMs + this.#offsetMs) / 1000
  }
}
