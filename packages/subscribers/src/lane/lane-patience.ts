/** How long the network has to carry everything before a lane is left: longer each time that was too early. */
const FIRST_STAY_MS = 10_000
const LONGEST_STAY_MS = 300_000

/** Slow again so soon after a return means that it was too early. */
const TOO_EARLY_MS = 30_000

/** How long no lane is asked for after one was asked for in vain: longer each time in a row. */
const FIRST_PAUSE_MS = 10_000
const LONGEST_PAUSE_MS = 160_000

/** When to ask for a lane and when to leave it, so that one does not follow the other all the time. */
export class LanePatience {
  #stayMs = FIRST_STAY_MS
  #pauseMs = FIRST_PAUSE_MS
  #notBeforeMs = Number.NEGATIVE_INFINITY
  #leftAtMs = Number.NEGATIVE_INFINITY
  #wellSinceMs: number | undefined

  /** Whether a lane may be asked for. */
  mayAsk(nowMs: number): boolean {
    return nowMs >= this.#notBeforeMs
  }

  /** A lane is asked for. */
  asked(nowMs: number): void {
    const wasEarly = nowMs - this.#leftAtMs < TOO_EARLY_MS
    this.#stayMs = wasEarly ? Math.min(LONGEST_STAY_MS, this.#stayMs * 2) : FIRST_STAY_MS
    this.#wellSinceMs = undefined
  }

  /** Something came on the lane. @returns Whether the network has carried everything for long enough. */
  heard(isWell: boolean, nowMs: number): boolean {
    this.#pauseMs = FIRST_PAUSE_MS
    this.#wellSinceMs = isWell ? (this.#wellSinceMs ?? nowMs) : undefined
    return this.#wellSinceMs !== undefined && nowMs - this.#wellSinceMs >= this.#stayMs
  }

  /** The lane was left because it is not needed any more. */
  left(nowMs: number): void {
    this.#leftAtMs = nowMs
  }

  /** Nothing ever came on the lane. */
  refused(nowMs: number): void {
    this.#notBeforeMs = nowMs + this.#pauseMs
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2)
  }
}
