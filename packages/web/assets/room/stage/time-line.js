import { element, say } from '../../page/elements.js'
import { formatLength, sayLength } from '../page/amounts.js'

/** Where the film is, and the way to another place. */

/** Seconds that the arrow keys, and the page keys, go. */
const STEP = 5
const LEAP = 30
/** A place that was asked for is shown for so long until the room answers. */
const ASKED_MS = 2000

export class TimeLine {
  #slider = /** @type {HTMLInputElement} */ (element('position'))
  #onSeek
  #seconds = 0
  #isHeld = false
  #askedMs = Number.NEGATIVE_INFINITY

  /** @param {(to: number) => void} onSeek */
  constructor(onSeek) {
    this.#onSeek = onSeek
    const slider = this.#slider
    slider.addEventListener('input', () => {
      this.#isHeld = true
      this.#show(Number(slider.value))
    })
    slider.addEventListener('change', () => this.#seek(Number(slider.value)))
    slider.addEventListener('blur', () => (this.#isHeld = false))
    slider.addEventListener('keydown', (event) => this.#moveByKey(event))
  }

  /** The film that is on air has changed. @param {number | undefined} seconds Its length; none for a live stream. @param {boolean} mayMove */
  setLength(seconds, mayMove) {
    this.#seconds = seconds ?? 0
    this.#slider.max = String(this.#seconds || 1)
    this.#slider.disabled = seconds === undefined || !mayMove
    say(element('length'), seconds === undefined ? '' : formatLength(seconds))
  }

  /** The room has answered. */
  settle() {
    this.#askedMs = Number.NEGATIVE_INFINITY
  }

  /** Shows a place, unless the person is choosing another. @param {number} position */
  follow(position) {
    if (this.#isHeld || performance.now() - this.#askedMs < ASKED_MS) return
    this.#slider.value = String(position)
    this.#show(position)
  }

  /** Shows that nothing has a place. */
  clear() {
    this.setLength(undefined, false)
    this.#slider.value = '0'
    this.#show(0)
  }

  /** @param {number} position */
  #show(position) {
    const filled = this.#seconds > 0 ? (100 * position) / this.#seconds : 0
    this.#slider.style.setProperty('--filled', `${filled.toFixed(2)}%`)
    say(element('time'), formatLength(position))
    this.#slider.ariaValueText = `${sayLength(position)} of ${sayLength(this.#seconds)}`
  }

  /** @param {number} to */
  #seek(to) {
    this.#isHeld = false
    this.#askedMs = performance.now()
    this.#show(to)
    this.#onSeek(to)
  }

  /** @param {KeyboardEvent} event */
  #moveByKey(event) {
    const now = Number(this.#slider.value)
    /** @type {Record<string, number>} */
    const targets = {
      ArrowRight: now + STEP,
      ArrowUp: now + STEP,
      ArrowLeft: now - STEP,
      ArrowDown: now - STEP,
      PageUp: now + LEAP,
      PageDown: now - LEAP,
      Home: 0,
      End: this.#seconds,
    }
    const target = targets[event.key]
    if (target === undefined) return
    event.preventDefault()
    const to = Math.min(Math.max(target, 0), this.#seconds)
    this.#slider.value = String(to)
    this.#seek(to)
  }
}
