import { windowAround } from '../history/moment-window.js'

/**
 * The time that all charts of the page show: the last seconds, or a part of what was, which holds still. Data goes on
 * meanwhile, at the server.
 */

/** Less than this shows nothing more: a slice is a tenth of a second. */
const MIN_SECONDS = 1
export const MAX_SECONDS = 600
/** Streams whose times are further apart than this part of what is shown have different clocks, and each has its own. */
const AGREE_PART = 0.5

/** @typedef {{ time: number, kept: import('../history/moment-window.js').Kept }} Moment */

export class TimeView {
  /** How much is shown while nothing is zoomed in on. */
  #seconds = 60
  /** @type {{ start: number, end: number } | undefined} */
  #range
  #paused = false
  /** The moment of the past that the page shows, if it does. @type {Moment | undefined} */
  #moment
  /** What is shown around it. @type {import('../history/moment-window.js').Window | undefined} */
  #around
  /** The time under the cursor. @type {number | undefined} */
  #cursor
  /** Where the time of each chart has come. @type {Map<object, number>} */
  #ends = new Map()
  /** @type {Set<() => void>} */
  #onChange = new Set()
  /** @type {Set<() => void>} */
  #onCursor = new Set()

  get seconds() {
    return this.#seconds
  }

  set seconds(seconds) {
    this.#seconds = Math.min(Math.max(Math.round(seconds), MIN_SECONDS), MAX_SECONDS)
    this.#range = undefined
    this.#tell()
  }

  get paused() {
    return this.#paused
  }

  set paused(paused) {
    this.#paused = paused
    this.#tell()
  }

  /** What is zoomed in on, if anything. */
  get range() {
    return this.#range
  }

  /** Whether what is shown holds still. */
  get held() {
    return this.#paused || this.#range !== undefined || this.#moment !== undefined
  }

  get moment() {
    return this.#moment
  }

  set moment(moment) {
    if ((moment === undefined) !== (this.#moment === undefined)) {
      // What was zoomed in on is of another time; what was live stays where it is.
      this.#range = undefined
      const newest = Math.max(...this.#ends.values())
      const isNear = moment && Math.abs(newest - moment.time) < this.#seconds
      this.#around = isNear ? { start: newest - this.#seconds, end: newest } : undefined
    }
    this.#moment = moment
    this.#tell()
    for (const listener of this.#onCursor) listener()
  }

  get cursor() {
    return this.#cursor ?? this.#moment?.time
  }

  set cursor(time) {
    if (time === this.#cursor) return
    this.#cursor = time
    for (const listener of this.#onCursor) listener()
  }

  /** Shows a part. @param {number} start @param {number} end */
  zoom(start, end) {
    const seconds = Math.min(Math.max(end - start, MIN_SECONDS), MAX_SECONDS)
    const middle = (start + end) / 2
    this.#range = { start: middle - seconds / 2, end: middle + seconds / 2 }
    this.#tell()
  }

  /**
   * Shows more or less around a time; so much that it is all again goes on with the time.
   *
   * @param {number} time
   * @param {number} factor How much more; less than 1 is nearer.
   * @param {{ start: number, end: number }} shown What is shown now.
   */
  zoomAround(time, factor, shown) {
    if (!this.#range && factor > 1) this.seconds = this.#seconds * factor
    else if ((shown.end - shown.start) * factor >= this.#seconds) this.reset()
    else this.zoom(time - (time - shown.start) * factor, time + (shown.end - time) * factor)
  }

  /** Moves what is shown by a part of it; past the newest it goes on with the time. @param {number} part @param {{ start: number, end: number }} shown */
  move(part, shown) {
    const by = (shown.end - shown.start) * part
    const newest = Math.max(...this.#ends.values())
    if (shown.end + by >= newest) this.reset()
    else this.zoom(shown.start + by, shown.end + by)
  }

  /** Goes on with the time. */
  reset() {
    this.#range = undefined
    this.#tell()
  }

  /** What a chart shows whose own time has come to `end`. @param {object} chart @param {number} end */
  look(chart, end) {
    if (this.#moment) return this.#lookBack(this.#moment)
    // What is paused stays where it was, whatever comes.
    const own = this.#paused ? (this.#ends.get(chart) ?? end) : end
    this.#ends.set(chart, own)
    if (this.#range) return this.#range
    const agreed = [...this.#ends.values()].filter(
      (other) => Math.abs(other - own) <= this.#seconds * AGREE_PART,
    )
    const last = Math.max(own, ...agreed)
    return { start: last - this.#seconds, end: last }
  }

  /** @param {Moment} moment */
  #lookBack({ time, kept }) {
    const { start, end } = this.#range ?? { start: 0, end: this.#seconds }
    const around = windowAround(time, end - start, kept, this.#range ?? this.#around)
    if (this.#range) this.#range = around
    else this.#around = around
    return around
  }

  /** Calls the listener when other times are to be shown. @param {() => void} listener */
  onChange(listener) {
    this.#onChange.add(listener)
  }

  /** Calls the listener when the cursor was moved. @param {() => void} listener */
  onCursor(listener) {
    this.#onCursor.add(listener)
  }

  #tell() {
    for (const listener of this.#onChange) listener()
  }
}
