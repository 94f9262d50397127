/**
 * How large and how good pictures are made, by what the way to the room carries: each may take as long on the way as a
 * picture of a smooth video lasts, so that none grows old there.
 *
 * @typedef {object} Quality
 * @property {number} scale Of the largest size.
 * @property {number} jpeg 0 to 1.
 */

/** @type {readonly Quality[]} From the best to the smallest. */
const STEPS = [
  { scale: 1, jpeg: 0.85 },
  { scale: 1, jpeg: 0.7 },
  { scale: 1, jpeg: 0.55 },
  { scale: 0.75, jpeg: 0.6 },
  { scale: 0.75, jpeg: 0.45 },
  { scale: 0.5, jpeg: 0.5 },
  { scale: 0.5, jpeg: 0.35 },
  { scale: 0.35, jpeg: 0.4 },
]
/** In the middle: a slow way is not choked at once, and a fast one is used soon. */
const FIRST_STEP = 2
/** A picture that is longer on the way than this is too large, in seconds. */
const SLOW_SECONDS = 0.25
/** With less, a better one may follow. */
const QUICK_SECONDS = 0.08
/** Quick pictures in a row before a better one is tried; doubled each time that turns out too good. */
const PATIENCE = 20
const MAX_PATIENCE = 640

export class PictureQuality {
  #step = FIRST_STEP
  #quick = 0
  #patience = PATIENCE
  #hasRisen = false
  #isQuick = false

  /** Whether the last picture was on the way for a short time only. */
  get isQuick() {
    return this.#isQuick
  }

  /** @returns {Quality} */
  get now() {
    return STEPS[this.#step]
  }

  /** Learns from a picture that has arrived. @param {number} seconds It was on the way, there and back. */
  learn(seconds) {
    this.#isQuick = seconds < SLOW_SECONDS
    if (seconds > SLOW_SECONDS) {
      if (this.#hasRisen) this.#patience = Math.min(this.#patience * 2, MAX_PATIENCE)
      this.#turn(Math.min(this.#step + (seconds > 2 * SLOW_SECONDS ? 2 : 1), STEPS.length - 1))
      this.#hasRisen = false
    } else if (seconds < QUICK_SECONDS && (this.#quick += 1) >= this.#patience && this.#step > 0) {
      this.#turn(this.#step - 1)
      this.#hasRisen = true
    }
  }

  /** @param {number} step */
  #turn(step) {
    this.#step = step
    this.#quick = 0
  }
}
