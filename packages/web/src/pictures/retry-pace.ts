/** A slow reader is checked again after this share of the time that a picture takes, within limits. */
const SHARE = 0.1
const LEAST_MS = 8
const MOST_MS = 50
/** Each check that finds nothing moved is followed by a pause longer by this factor, up to {@link STUCK_MS}. */
const GROWTH = 1.5
/** The pause for a reader that reads nothing: looking costs a reading of the system's table of connections. */
const STUCK_MS = 500

/**
 * The pauses between checks of a reader that has no room: a share of the time that its pictures take, and ever longer
 * while nothing moves, so that a reader that reads nothing costs next to nothing.
 */
export class RetryPace {
  #pauseMs = LEAST_MS
  #unsent: number | undefined

  /** Takes in that a picture has arrived, and how long it took in milliseconds. */
  arrived(tookMs: number): void {
    this.#pauseMs = Math.min(MOST_MS, Math.max(LEAST_MS, tookMs * SHARE))
    this.#unsent = undefined
  }

  /**
   * Takes in that there is no room yet.
   *
   * @param unsent - The number of bytes that have not arrived.
   * @returns The pause before the next check, in milliseconds, and whether anything moved since the last one.
   */
  waits(unsent: number): { readonly pauseMs: number; readonly hasMoved: boolean } {
    const hasMoved = unsent !== this.#unsent
    const most = hasMoved ? MOST_MS : STUCK_MS
    this.#pauseMs = Math.min(most, hasMoved ? this.#pauseMs : this.#pauseMs * GROWTH)
    this.#unsent = unsent
    return { pauseMs: this.#pauseMs, hasMoved }
  }
}
