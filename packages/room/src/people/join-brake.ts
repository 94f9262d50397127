/** As many may join at once. */
const BURST = 100
/** As many more each second. */
const PER_SECOND = 40

/** Limits how many join: each is told everything, so that a storm of them would hold up those who are here. */
export class JoinBrake {
  readonly #now: () => number
  #left = BURST
  #lookedMs: number

  /** @param now - Monotonic time in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#lookedMs = now()
  }

  /** Takes one place. @returns False when there is none at the moment. */
  take(): boolean {
    const nowMs = this.#now()
    this.#left = Math.min(this.#left + ((nowMs - this.#lookedMs) / 1000) * PER_SECOND, BURST)
    this.#lookedMs = nowMs
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
