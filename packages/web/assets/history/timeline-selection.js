import { SavePanel } from './save-panel.js'
import { spanOf } from './timeline-scale.js'

/** @typedef {import('./timeline-scale.js').Span} Span */

/** What is chosen of the timeline: to be played again and again, and to be saved. */
export class TimelineSelection {
  panel
  #bar
  #controls
  #kept
  /** @type {Span | undefined} */
  #span
  #loops = false

  /**
   * @param {import('./timeline-bar.js').TimelineBar} bar
   * @param {import('./timeline-controls.js').TimelineControls} controls
   * @param {() => Span} kept All there is.
   */
  constructor(bar, controls, kept) {
    this.#bar = bar
    this.#controls = controls
    this.#kept = kept
    this.panel = new SavePanel(() => this.#span ?? kept())
  }

  /** What is played again and again, if anything is. */
  get loop() {
    return this.#loops ? (this.#span ?? this.#kept()) : undefined
  }

  /** Whether it is played again and again. @param {boolean} on */
  set loops(on) {
    this.#loops = on
    this.#controls.loop = on
  }

  toggleLoop() {
    this.loops = !this.#loops
  }

  /** Begins or ends it at a moment. @param {'from' | 'to'} end @param {number} time */
  mark(end, time) {
    const { from, to } = this.#span ?? this.#kept()
    this.choose(
      end === 'from' ? { from: time, to: Math.max(to, time) } : { from: Math.min(from, time), to: time },
    )
  }

  /** @param {Span | undefined} span */
  choose(span) {
    this.#span = span && spanOf(this.#kept(), span.from, span.to)
    this.#bar.selection = this.#span
    this.#controls.tellSelection(this.#span !== undefined)
    this.panel.tell()
  }

  /** What is kept is more, or less. */
  follow() {
    if (this.#span) this.choose(this.#span)
  }

  /** Offers to save it, or no more. */
  togglePanel() {
    const { element } = this.panel
    element.hidden = !element.hidden
    this.#controls.isSaving = !element.hidden
    this.panel.tell()
    if (!element.hidden) element.querySelector('select')?.focus()
  }
}
