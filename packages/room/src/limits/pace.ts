/** How fast somebody may do something. */
export interface PaceLimit {
  /** So many times ... */
  readonly times: number
  /** ... within so many milliseconds. */
  readonly withinMs: number
}

/** How many people's paces are remembered; the one who was quiet for longest is forgotten first. */
const MAX_REMEMBERED = 1000

/** Limits how fast each of many people does something. It belongs to people rather than to their connections. */
export class Pace {
  readonly #limit: PaceLimit
  readonly #now: () => number
  readonly #times = new Map<string, number[]>()

  /** @param now - Monotonic time in milliseconds. */
  constructor(limit: PaceLimit, now: () => number = () => performance.now()) {
    this.#limit = limit
    this.#now = now
  }

  /**
   * How long somebody has to wait.
   *
   * @param leastMs - The least time since the last time, besides. Default 0.
   * @returns Milliseconds; 0 when it may be done now.
   */
  waitMs(who: string, leastMs = 0): number {
    const times = this.#times.get(who) ?? []
    const now = this.#now()
    const first = times.length < this.#limit.times ? undefined : times[0]
    const byLimit = first === undefined ? 0 : first + this.#limit.withinMs - now
    const byLast = (times.at(-1) ?? Number.NEGATIVE_INFINITY) + leastMs - now
    return Math.max(byLimit, byLast, 0)
  }

  /** Notes that somebody did it. */
  note(who: string): void {
    const times = this.#times.get(who) ?? []
    times.push(this.#now())
    if (times.length > this.#limit.times) times.shift()
    // The newest comes last.
    this.#times.delete(who)
    this.#times.set(who, times)
    const [quietest] = this.#times.keys()
    if (this.#times.size > MAX_REMEMBERED && quietest !== undefined) this.#times.delete(quietest)
  }
}
