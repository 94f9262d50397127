import { formatTime } from '../page/times.js'
import { formatLength } from './timeline-scale.js'

/** What is drawn anew with the moment takes time that pictures need. */
const MOMENT_MS = 50

/** Shows a moment on the timeline, and on the page now and then while time goes on. */
export class MomentDisplay {
  #bar
  #controls
  #past
  #onMoment
  #momentAtMs = 0
  /** Draws what was passed over because it came too soon. @type {ReturnType<typeof setTimeout> | undefined} */
  #later

  /**
   * @param {import('./timeline-bar.js').TimelineBar} bar
   * @param {import('./timeline-controls.js').TimelineControls} controls
   * @param {import('./kept-past.js').KeptPast} past
   * @param {(time: number, kept: import('./moment-window.js').Kept) => void} onMoment
   */
  constructor(bar, controls, past, onMoment) {
    this.#bar = bar
    this.#controls = controls
    this.#past = past
    this.#onMoment = onMoment
  }

  /**
   * Shows what is live, or where the clock is.
   *
   * @param {{ isLive: boolean, clock: import('./play-clock.js').PlayClock }} shown
   */
  tell({ isLive, clock }) {
    const { present, isGrowing, formats, span } = this.#past
    const time = isLive ? present : Math.min(clock.timeAt(performance.now()), present)
    this.#bar.time = time
    const behind = isGrowing
      ? isLive
        ? 'live'
        : `−${formatLength(present - time)}`
      : `${formatLength(time - span.from, true)} of ${formatLength(present - span.from, true)}`
    this.#controls.tellTime(formatTime(time), behind)
    const isPlaying = isLive || clock.isRunning
    this.#controls.tell({ isPlaying, isLive, hasPresent: isGrowing, canSave: formats.length > 0 })
    return time
  }

  /**
   * Has the page show a moment.
   *
   * @param {number} time
   * @param {boolean} isNew Whether it is another moment than time led to.
   * @param {() => void} onLater Called when it came too soon, once it does not.
   */
  show(time, isNew, onLater) {
    const nowMs = performance.now()
    clearTimeout(this.#later)
    if (!isNew && nowMs - this.#momentAtMs < MOMENT_MS) {
      this.#later = setTimeout(onLater, MOMENT_MS)
      return
    }
    this.#momentAtMs = nowMs
    this.#onMoment(time, this.#past.kept)
  }
}
