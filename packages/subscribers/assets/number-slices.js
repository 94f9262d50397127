/**
 * The last minutes of a stream of arrays as the server sends them: slices of a tenth of a second, each with the time
 * of its first array, how many there were, and the least, greatest and newest value of each position.
 *
 * @typedef {(number | null)[]} Values
 *
 * @typedef {object} Points What is drawn; a null in all values is a break.
 * @property {number[]} times
 * @property {Values[]} lines Per position.
 * @property {Values[]} least
 * @property {Values[]} greatest
 */

const CAPACITY = 6000
const HEADER_BYTES = 32
const SLICE_SECONDS = 0.1
/** Of each position in a slice: least, greatest and newest. */
const VALUES = 3
/** Silence of less than this, or of a few arrays, is no break. */
const MIN_BREAK_SECONDS = 1
const BREAK_SPACINGS = 3

export class NumberSlices {
  columns = 0
  #generation = -1
  #ring = new Float64Array(0)
  #next = 0
  #oldest = 0
  #cameAtMs = 0

  get #stride() {
    return 2 + VALUES * this.columns
  }

  /** Whether there is nothing. */
  get empty() {
    return this.#next === this.#oldest
  }

  /** The newest value of each position. */
  get newest() {
    if (this.empty) return []
    const at = ((this.#next - 1) % CAPACITY) * this.#stride
    return Array.from({ length: this.columns }, (_, column) => this.#ring[at + 4 + VALUES * column])
  }

  /** Takes a message in. @param {ArrayBuffer} buffer @returns {boolean} Whether the number of positions is another. */
  take(buffer) {
    const view = new DataView(buffer)
    if (view.getUint8(0) !== 1 || view.getUint8(1) !== 2) return false
    const columns = view.getUint32(4, true)
    const count = view.getUint32(8, true)
    const generation = view.getUint32(12, true)
    const first = view.getFloat64(16, true)
    const changed = columns !== this.columns
    if (changed) {
      this.columns = columns
      this.#ring = new Float64Array(CAPACITY * this.#stride)
    }
    if (changed || generation !== this.#generation || first > this.#next) this.#oldest = first
    this.#generation = generation
    const slices = new Float64Array(buffer, HEADER_BYTES)
    for (let index = 0; index < count; index++) {
      const slice = slices.subarray(index * this.#stride, (index + 1) * this.#stride)
      this.#ring.set(slice, ((first + index) % CAPACITY) * this.#stride)
    }
    this.#next = first + count
    this.#oldest = Math.max(this.#oldest, this.#next - CAPACITY)
    this.#cameAtMs = performance.now() - view.getFloat64(24, true) * 1000
    return changed
  }

  /**
   * The points of the last seconds, thinned out evenly: however much there is, no more than the given number. Where
   * several slices make one point, the line goes through the mean of their newest values.
   *
   * @param {number} seconds
   * @param {number} most
   * @param {number} nowMs When to look at it, as `performance.now()` tells the time.
   * @returns {Points & { start: number, end: number }}
   */
  thin(seconds, most, nowMs) {
    const newestTime = this.#timeOf(this.#next - 1)
    const { from, breakSeconds } = this.#look(newestTime - seconds)
    const silence = (nowMs - this.#cameAtMs) / 1000
    const end = newestTime + (silence > breakSeconds ? silence : 0)
    const points = {
      times: /** @type {number[]} */ ([]),
      lines: this.#makeValues(),
      least: this.#makeValues(),
      greatest: this.#makeValues(),
    }
    // Steps of the clock, not of the window: a point keeps its slices while it moves, so nothing flickers.
    const step = Math.ceil(seconds / most / SLICE_SECONDS) * SLICE_SECONDS
    let begun = from
    for (let ordinal = from + 1; ordinal <= this.#next; ordinal++) {
      const [before, time] = [this.#timeOf(ordinal - 1), this.#timeOf(ordinal)]
      const isBreak = ordinal < this.#next && time - before > breakSeconds
      if (ordinal < this.#next && !isBreak && Math.floor(time / step) === Math.floor(before / step)) continue
      this.#addPoint(points, begun, ordinal)
      if (isBreak) addBreak(points, (before + time) / 2)
      begun = ordinal
    }
    return { ...points, start: end - seconds, end }
  }

  /** @param {number} start */
  #look(start) {
    let from = this.#next - 1
    const spacings = []
    // One more than is in sight, so that the line comes in from the edge.
    while (from > this.#oldest && this.#timeOf(from) > start) {
      from -= 1
      spacings.push(this.#timeOf(from + 1) - this.#timeOf(from))
    }
    const median = Float64Array.from(spacings).sort()[spacings.length >> 1] ?? 0
    return { from, breakSeconds: Math.max(MIN_BREAK_SECONDS, BREAK_SPACINGS * median) }
  }

  /** @returns {Values[]} */
  #makeValues() {
    return Array.from({ length: this.columns }, () => [])
  }

  /** @param {number} ordinal */
  #timeOf(ordinal) {
    return this.#ring[(ordinal % CAPACITY) * this.#stride]
  }

  /** @param {Points} points @param {number} from @param {number} end */
  #addPoint(points, from, end) {
    points.times.push(this.#timeOf(end - 1))
    for (let column = 0; column < this.columns; column++) {
      let least = Number.POSITIVE_INFINITY
      let greatest = Number.NEGATIVE_INFINITY
      let sum = 0
      for (let ordinal = from; ordinal < end; ordinal++) {
        const at = (ordinal % CAPACITY) * this.#stride + 2 + VALUES * column
        least = Math.min(least, this.#ring[at])
        greatest = Math.max(greatest, this.#ring[at + 1])
        sum += this.#ring[at + 2]
      }
      const mean = sum / (end - from)
      const known = Number.isFinite(mean) && Number.isFinite(least) && Number.isFinite(greatest)
      points.lines[column].push(known ? mean : null)
      points.least[column].push(known ? least : null)
      points.greatest[column].push(known ? greatest : null)
    }
  }
}

/** @param {Points} points @param {number} time */
function addBreak(points, time) {
  points.times.push(time)
  for (const values of [...points.lines, ...points.least, ...points.greatest]) values.push(null)
}
