import { PastSocket } from './past-socket.js'

/** A moment that comes this soon after the one before is passed over: smaller pictures do, and are there sooner. */
const MOVING_MS = 200
/** The rest of an older moment is waited for so long: with it, all pictures are of one moment. */
const REST_MS = 100
const LEAST_WIDTH = 64
/** An answer that has not come by then may never come. */
const PATIENCE_MS = 1000
/** What comes this much later than the moment is said to be late. */
export const LATE_MS = 800

/**
 * What the server is asked for: pictures of a moment, or from there on. One moment at a time is on its way, so that none
 * piles up on a slow way.
 *
 * @typedef {object} RequestListeners
 * @property {() => readonly string[]} topics The pictures that are in sight.
 * @property {() => number} width How wide the widest of them is shown, in pixels of the screen.
 * @property {(picture: import('./past-socket.js').PastPicture) => void} onPicture Whoever gets it draws or closes it.
 * @property {(message: import('../../src/history/past-messages.ts').PastMessage) => void} onText
 * @property {() => void} onAgain What is shown is to be asked for once more.
 * @property {() => void} onLate An answer may be late.
 */
export class PastRequests {
  #listeners
  #socket
  /** What is shown of the pictures, as the server was told. */
  #shown = ''
  #request = 0
  #askedAtMs = 0
  #isAnswered = true
  #isStep = false
  /** Runs until an answer is late. @type {ReturnType<typeof setTimeout> | undefined} */
  #doubting
  /** The newest moment that is still to be asked for, while the last one is on its way. @type {number | undefined} */
  #wanted
  #soughtAtMs = Number.NEGATIVE_INFINITY
  /** Runs while one moment follows another. @type {ReturnType<typeof setTimeout> | undefined} */
  #moving

  /** @param {RequestListeners} listeners */
  constructor(listeners) {
    this.#listeners = listeners
    this.#socket = new PastSocket({
      onPicture: (picture) => listeners.onPicture(picture),
      onText: (message) => listeners.onText(message),
      onOpen: () => {
        this.#shown = ''
        listeners.onAgain()
      },
    })
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) listeners.onAgain()
    })
  }

  /** Whether the pictures that are in sight are those that were asked for. */
  get isOfSight() {
    return this.#listeners.topics().join() === this.#shown
  }

  /** Whether one moment follows another. */
  get isMoving() {
    return this.#moving !== undefined
  }

  /** Whether the answer is late. */
  get isLate() {
    return !this.#isAnswered && performance.now() - this.#askedAtMs > LATE_MS
  }

  /** Whether something answers the newest question. @param {{ request: number }} answer */
  isNewest({ request }) {
    return request === this.#request
  }

  /** Asks for a moment once the one before is there. @param {number} time */
  want(time) {
    this.#wanted = time
    const nowMs = performance.now()
    if (!this.#isAnswered && nowMs - this.#askedAtMs < PATIENCE_MS) return
    this.#wanted = undefined
    const width = Math.max(Math.ceil(this.#listeners.width()), LEAST_WIDTH)
    this.#ask(() => this.#socket.at(time, this.isMoving ? width : undefined))
  }

  /** Asks for a moment, whatever is on its way. @param {number} time */
  wantAtOnce(time) {
    this.#isAnswered = true
    this.want(time)
  }

  /** Asks for a moment, and what follows. @param {number} time @param {number} speed */
  play(time, speed) {
    this.#ask(() => this.#socket.play(time, speed))
  }

  /** Asks for the picture before or after a moment. @param {number} time @param {-1 | 1} direction */
  step(time, direction) {
    this.forget()
    this.stand()
    this.#ask(() => this.#socket.step(time, direction))
    this.#isStep = true
  }

  /** Asks for nothing more. */
  rest() {
    this.forget()
    this.#isAnswered = true
    this.#socket.rest()
  }

  /** What was to be asked for is wanted no more. */
  forget() {
    this.#wanted = undefined
  }

  /** Notes that the question is answered. @returns {boolean} Whether it was for a step. */
  answer() {
    const isStep = this.#isStep
    this.#isAnswered = true
    this.#isStep = false
    return isStep
  }

  /** Asks for what has been waiting for an answer. */
  next() {
    if (this.#wanted !== undefined) this.want(this.#wanted)
  }

  /** Does not wait for the rest of an older moment for long. @param {import('./past-socket.js').PastPicture} picture */
  passOver(picture) {
    const isOverdue = performance.now() - this.#askedAtMs > REST_MS
    if (this.isNewest(picture) && this.#wanted !== undefined && isOverdue) this.wantAtOnce(this.#wanted)
  }

  /** Notes that the moment is another one: several of them, one soon after the other, are followed by the last at its best. */
  move() {
    const nowMs = performance.now()
    const isMoving = nowMs - this.#soughtAtMs < MOVING_MS
    this.#soughtAtMs = nowMs
    this.stand()
    if (isMoving) this.#moving = setTimeout(() => this.#listeners.onAgain(), MOVING_MS)
  }

  /** No moment follows another any more. */
  stand() {
    clearTimeout(this.#moving)
    this.#moving = undefined
  }

  /** @param {() => number} ask */
  #ask(ask) {
    const topics = this.#listeners.topics()
    if (topics.join() !== this.#shown) this.#socket.show(topics)
    this.#shown = topics.join()
    this.#isStep = false
    this.#isAnswered = false
    this.#askedAtMs = performance.now()
    this.#request = ask()
    clearTimeout(this.#doubting)
    this.#doubting = setTimeout(() => this.#listeners.onLate(), LATE_MS + 1)
  }
}
