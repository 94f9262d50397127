/**
 * The moment that is shown, while it stands still and while time goes on from it at some speed: seconds since the Unix
 * epoch, by a monotonic time in milliseconds.
 */

export class PlayClock {
  #time = 0
  #atMs = 0
  #speed = 1
  #isRunning = false

  /** Whether time goes on. */
  get isRunning() {
    return this.#isRunning
  }

  get speed() {
    return this.#speed
  }

  /** @param {number} nowMs */
  timeAt(nowMs) {
    return this.#isRunning ? this.#time + ((nowMs - this.#atMs) / 1000) * this.#speed : this.#time
  }

  /** Goes to a moment, and stays there or goes on as before. @param {number} time @param {number} nowMs */
  seek(time, nowMs) {
    this.#time = time
    this.#atMs = nowMs
  }

  /** @param {number} nowMs */
  start(nowMs) {
    this.#atMs = nowMs
    this.#isRunning = true
  }

  /** @param {number} nowMs */
  stop(nowMs) {
    this.#time = this.timeAt(nowMs)
    this.#isRunning = false
  }

  /** @param {number} speed @param {number} nowMs */
  setSpeed(speed, nowMs) {
    this.seek(this.timeAt(nowMs), nowMs)
    this.#speed = speed
  }
}
