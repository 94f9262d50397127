import { make } from '../page/elements.js'

/** What the empty bar stands for. */
const QUIETEST_DECIBELS = -60
/** The bar falls by so much of its length each time it is shown, so that eyes can follow. */
const FALL = 0.12
/** Screen readers would be told of every beat. */
const TOLD_EACH_MS = 2000

/** How loud something is, as a bar. */
export class LevelMeter {
  element = make('span', 'level')
  #shown = 0
  #toldMs = 0

  /** @param {string} label */
  constructor(label) {
    const { element } = this
    element.setAttribute('role', 'meter')
    element.setAttribute('aria-label', label)
    element.setAttribute('aria-valuemin', String(QUIETEST_DECIBELS))
    element.setAttribute('aria-valuemax', '0')
    this.clear()
  }

  /** Shows a level. @param {number} peak 0 to 1 */
  show(peak) {
    const decibels = Math.max(QUIETEST_DECIBELS, 20 * Math.log10(Math.max(peak, 1e-6)))
    this.#shown = Math.max(1 - decibels / QUIETEST_DECIBELS, this.#shown - FALL)
    this.element.style.setProperty('--level', this.#shown.toFixed(3))
    if (performance.now() - this.#toldMs >= TOLD_EACH_MS) this.#tell(decibels)
  }

  /** Shows silence. */
  clear() {
    this.#shown = 0
    this.element.style.setProperty('--level', '0')
    this.#tell(QUIETEST_DECIBELS)
  }

  /** @param {number} decibels */
  #tell(decibels) {
    this.#toldMs = performance.now()
    this.element.setAttribute('aria-valuenow', decibels.toFixed(0))
    const isSilent = decibels <= QUIETEST_DECIBELS
    this.element.setAttribute('aria-valuetext', isSilent ? 'silent' : `${decibels.toFixed(0)} dB`)
  }
}
