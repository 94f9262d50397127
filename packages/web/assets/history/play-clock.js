/**
 * The moment that is shown, while it stands still and while time goes on from it at some speed: seconds since the Unix
 * epoch, by a monotonic time in milliseconds.
 */

export class PlayClock {
  #time = 0
  #atMs = 0
  #speed = 1
  #isRunning = false
  /** @type {Set<() => void>} */
  #listeners = new Set()

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
    this.#tell()
  }

  /** @param {number} nowMs */
  start(nowMs) {
    this.#atMs = nowMs
    this.#isRunning = true
    this.#tell()
  }

  /** @param {number} nowMs */
  stop(nowMs) {
    this.#time = this.timeAt(nowMs)
    this.#isRunning = false
    this.#tell()
  }

  /** @param {number} speed @param {number} nowMs */
  setSpeed(speed, nowMs) {
    this.#time = this.timeAt(nowMs)
    this.#atMs = nowMs
    this.#speed = speed
    this.#tell()
  }

  /**
   * Calls `listener` when time goes on in another way than it did: from elsewhere, faster, or not at all.
   *
   * @param {() => void} listener
   * @returns {() => void} Ends this.
   */
  onChange(listener) {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #tell() {
    for (const listener of this.#listeners) listener()
  }
}
