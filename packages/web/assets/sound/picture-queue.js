/** Pixels of the pictures that wait: more would fill the memory of a phone. */
const MAX_PIXELS = 24_000_000
/** What is due later than this is shown at once: the clock was set. */
const MAX_WAIT_MS = 3000
/** A picture that is drawn now is seen a little later. */
const EARLY_MS = 8

/**
 * Pictures that wait until they are due.
 *
 * @typedef {import('../stream/picture-stream.js').Picture} Picture
 */
export class PictureQueue {
  #playout
  #show
  #onPassedOver
  /** @type {Picture[]} */
  #waiting = []
  /** Those who wait for room, for one picture each. @type {(() => void)[]} */
  #wantRoom = []
  #frame = 0
  #isClosed = false

  /**
   * @param {import('./playout-clock.js').PlayoutClock} playout That of their publisher.
   * @param {object} listeners
   * @param {(picture: Picture) => void} listeners.onDue
   * @param {() => void} listeners.onPassedOver Called for each picture that gave way to one that is due as well.
   */
  constructor(playout, { onDue, onPassedOver }) {
    this.#playout = playout
    this.#show = onDue
    this.#onPassedOver = onPassedOver
  }

  /** Takes a picture. @param {Picture} picture @returns {Promise<void>} Resolves when there is room for another. */
  async add(picture) {
    this.#playout.arrived('video', picture.time, EARLY_MS)
    this.#waiting.push(picture)
    this.#expect()
    while (this.#pixels > MAX_PIXELS)
      await new Promise((resolve) => this.#wantRoom.push(() => resolve(undefined)))
  }

  /** Shows the newest at once, and ends. */
  flush() {
    this.#showUntil(this.#waiting.length)
    this.close()
  }

  /** Ends without showing what waits. */
  close() {
    this.#isClosed = true
    cancelAnimationFrame(this.#frame)
    for (const { bitmap } of this.#waiting.splice(0)) bitmap.close()
    this.#giveRoom()
  }

  get #pixels() {
    return this.#waiting.reduce((sum, { width, height }) => sum + width * height, 0)
  }

  #expect() {
    if (this.#waiting.length === 0 || this.#isClosed) return
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame((nowMs) => {
      const last = this.#waiting.findLastIndex(({ time }) => this.#isDue(time, nowMs))
      this.#showUntil(last + 1)
      this.#expect()
    })
  }

  /** @param {number} time @param {number} nowMs */
  #isDue(time, nowMs) {
    const waitMs = this.#playout.dueMs(time) - nowMs
    return waitMs <= EARLY_MS || waitMs > MAX_WAIT_MS || !this.#playout.isReady
  }

  /** Shows the newest of the oldest `count`. @param {number} count */
  #showUntil(count) {
    const due = this.#waiting.splice(0, count)
    const newest = due.pop()
    for (const { bitmap } of due) {
      bitmap.close()
      this.#onPassedOver()
    }
    if (newest) this.#show(newest)
    this.#giveRoom()
  }

  #giveRoom() {
    for (const resolve of this.#wantRoom.splice(0)) resolve()
  }
}
