/** Further off than this, sound was lost or a clock was set, in seconds. */
const JUMP = 0.1
/** The share of the difference that each piece takes back: what comes late now and then moves nothing. */
const CORRECTION = 0.01

/** Turns times of the clock of sound into the room's, evenly. */
export class SoundTime {
  #now
  /** @type {number | undefined} */
  #offset

  /** @param {() => number} now The room's time, in seconds since the Unix epoch. */
  constructor(now) {
    this.#now = now
  }

  /**
   * @param {number} time By the clock of sound.
   * @param {number} current That clock's time now.
   */
  of(time, current) {
    const offset = this.#now() - current
    const off = offset - (this.#offset ?? offset)
    this.#offset = Math.abs(off) > JUMP ? offset : offset - off * (1 - CORRECTION)
    return time + this.#offset
  }
}
