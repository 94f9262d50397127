/**
 * The time for which the network must carry everything before a lane is left: longer after each return that was too
 * early.
 */
const FIRST_STAY_MS = 10_000
const LONGEST_STAY_MS = 300_000

/** If the network is slow again this soon after a return, the return was too early. */
const TOO_EARLY_MS = 30_000

/** The pause after a request for a lane was in vain: longer each time in a row. */
const FIRST_PAUSE_MS = 10_000
const LONGEST_PAUSE_MS = 160_000

/** Decides when to ask for a lane and when to leave it, so that the two do not alternate all the time. */
export class LanePatience {
  #stayMs = FIRST_STAY_MS
  #pauseMs = FIRST_PAUSE_MS
  #notBeforeMs = Number.NEGATIVE_INFINITY
  #leftAtMs = Number.NEGATIVE_INFINITY
  #wellSinceMs: number | undefined

  /** True when a lane may be asked for. */
  mayAsk(nowMs: number): boolean {
    return nowMs >= this.#notBeforeMs
  }

  /** Notes a request for a lane. */
  asked(nowMs: number): void {
    const wasEarly = nowMs - this.#leftAtMs < TOO_EARLY_MS
    this.#stayMs = wasEarly ? Math.min(LONGEST_STAY_MS, this.#stayMs * 2) : FIRST_STAY_MS
    this.#wellSinceMs = undefined
  }

  /** Notes that something came on the lane. @returns True when the network has carried everything for long enough. */
  heard(isWell: boolean, nowMs: number): boolean {
    this.#pauseMs = FIRST_PAUSE_MS
    this.#wellSinceMs = isWell ? (this.#wellSinceMs ?? nowMs) : undefined
    return this.#wellSinceMs !== undefined && nowMs - this.#wellSinceMs >= this.#stayMs
  }

  /** Notes that the lane was left because it is no longer needed. */
  left(nowMs: number): void {
    this.#leftAtMs = nowMs
  }

  /** Notes that nothing ever came on the lane. */
  refused(nowMs: number): void {
    this.#notBeforeMs = nowMs + this.#pauseMs
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2)
  }
}
