/**
 * When the pictures and sounds of a publisher are due on a page: each at its time plus one delay, which all of them
 * share, so that they are in step.
 *
 * The delay grows where sound or pictures need longer to come, and shrinks again slowly. The times are the publisher's;
 * its clock is taken to agree with the server's. Where it cannot, because what comes would be from the future or hopelessly
 * old, the quickest that came lately is taken to have needed no time.
 */

/** The longest delay: more would be kept in memory. */
export const MAX_LAG_MS = 2000
/** What came in this time is looked at. */
const WINDOW_MS = 4000
const EVALUATED_EACH_MS = 500
/** Fewer of a kind than this tell nothing yet. */
const LEAST_ARRIVALS = 8
const MAX_ARRIVALS = 1024
/** One in twenty may be late. */
const PART_IN_TIME = 0.95
/** The delay grows by so much more than is needed, so that it need not grow again at once. */
const SPARE_MS = 20
/** Clocks that agree may differ by this much. */
const EARLY_MS = 50
/** A way as long as this is no way: the clocks differ. */
const IMPLAUSIBLE_MS = 1000
/** What was needed lately may be needed again. */
const SHRINKS_AFTER_MS = 10_000
/** Each time that it is evaluated. Sound follows by being played a little faster, unheard. */
const SHRINKS_BY_MS = 1.5
/** More than that goes at once, with a jump. */
const SHRINKS_SLOWLY_MS = 200

/** @typedef {{ atMs: number, time: number, spareMs: number }} Arrival */

export class PlayoutClock {
  /** What is live has no other. */
  speed = 1
  #clock
  #delayMs
  #lagMs
  #skewMs = 0
  /** What came lately, by kind, oldest first. @type {Map<string, Arrival[]>} */
  #arrivals = new Map()
  #evaluatedMs = Number.NEGATIVE_INFINITY
  #neededMs = Number.NEGATIVE_INFINITY

  /**
   * @param {import('./server-clock.js').ServerClock} clock
   * @param {number} delayMs The delay where everything comes in time.
   */
  constructor(clock, delayMs) {
    this.#clock = clock
    this.#delayMs = delayMs
    this.#lagMs = delayMs
  }

  /** Whether the server's clock is known, without which nothing is due. */
  get isReady() {
    return this.#clock.isKnown
  }

  /** The delay at the moment, in milliseconds. */
  get lagMs() {
    return this.#lagMs
  }

  /** The delay where everything comes in time. */
  set delayMs(/** @type {number} */ delayMs) {
    this.#delayMs = delayMs
    this.#lagMs = Math.max(this.#lagMs, delayMs)
  }

  /** Milliseconds by which the publisher's clock is taken to differ from the server's; 0 where they seem to agree. */
  get skewMs() {
    return this.#skewMs
  }

  /** When something is due, in the page's own time in milliseconds. @param {number} time Seconds since the Unix epoch. */
  dueMs(time) {
    return this.#clock.pageMs(time) + this.#skewMs + this.#lagMs
  }

  /** The time of what is due at a time of the page, in seconds since the Unix epoch. @param {number} pageMs */
  timeDueAt(pageMs) {
    return this.#clock.timeAt(pageMs - this.#skewMs - this.#lagMs)
  }

  /**
   * Notes that something is ready to be shown or played.
   *
   * @param {string} kind What is of one kind takes as long to come.
   * @param {number} time Its own, in seconds since the Unix epoch.
   * @param {number} spareMs The time that it takes from now until it is seen or heard.
   * @param {number} [nowMs]
   */
  arrived(kind, time, spareMs, nowMs = performance.now()) {
    if (!this.#clock.isKnown) return
    const arrivals = this.#arrivals.get(kind) ?? []
    this.#arrivals.set(kind, arrivals)
    arrivals.push({ atMs: nowMs, time, spareMs })
    if (arrivals.length > MAX_ARRIVALS) arrivals.shift()
    if (nowMs - this.#evaluatedMs >= EVALUATED_EACH_MS) this.#evaluate(nowMs)
  }

  /** @param {number} nowMs */
  #evaluate(nowMs) {
    this.#evaluatedMs = nowMs
    for (const [kind, arrivals] of this.#arrivals) {
      while (arrivals.length > 0 && nowMs - arrivals[0].atMs > WINDOW_MS) arrivals.shift()
      if (arrivals.length === 0) this.#arrivals.delete(kind)
    }
    const known = [...this.#arrivals.values()].filter(({ length }) => length >= LEAST_ARRIVALS)
    const transits = known.map((arrivals) => arrivals.map((arrival) => this.#transitMs(arrival)))
    if (transits.length === 0) return
    const quickestMs = Math.min(...transits.flat())
    if (!isPlausible(quickestMs - this.#skewMs)) this.#skewMs = isPlausible(quickestMs) ? 0 : quickestMs
    const needs = known.map((arrivals, index) => {
      // What is sent late after a pause of the publisher says nothing of the way.
      const plausible = arrivals.filter((_, at) => transits[index][at] - quickestMs <= IMPLAUSIBLE_MS)
      return findNeed(plausible.map((arrival) => this.#transitMs(arrival) + arrival.spareMs))
    })
    this.#adapt(Math.max(...needs) - this.#skewMs, nowMs)
  }

  /** @param {Arrival} arrival */
  #transitMs({ atMs, time }) {
    return atMs - this.#clock.pageMs(time)
  }

  /** @param {number} needMs @param {number} nowMs */
  #adapt(needMs, nowMs) {
    const enoughMs = Math.min(Math.max(this.#delayMs, needMs + SPARE_MS), MAX_LAG_MS)
    if (enoughMs >= this.#lagMs) this.#neededMs = nowMs
    if (needMs > this.#lagMs) this.#lagMs = enoughMs
    else if (nowMs - this.#neededMs > SHRINKS_AFTER_MS && enoughMs < this.#lagMs) {
      const isFar = this.#lagMs - enoughMs > SHRINKS_SLOWLY_MS
      this.#lagMs = isFar ? enoughMs : Math.max(enoughMs, this.#lagMs - SHRINKS_BY_MS)
    }
  }
}

/** @param {number[]} needs */
function findNeed(needs) {
  needs.sort((one, other) => one - other)
  return needs[Math.ceil(needs.length * PART_IN_TIME) - 1]
}

/** @param {number} transitMs */
function isPlausible(transitMs) {
  return transitMs >= -EARLY_MS && transitMs <= IMPLAUSIBLE_MS
}
