/**
 * The last minutes of some positions of a stream of arrays, as the server sends them: slices of a tenth of a second,
 * each with the time of its first array, how many there were and how many are missing before them, and the least,
 * greatest and newest value of each position; NaN where nothing is known.
 */

const CAPACITY = 6000
const HEADER_BYTES = 32
/** Of each slice, before its positions: time, arrays, missing. */
const HEAD = 3
/** Of each position in a slice: least, greatest and newest. */
const VALUES = 3
/** Silence of less than this, or of a few arrays, is no break. */
const MIN_BREAK_SECONDS = 1
export const BREAK_SPACINGS = 3
/** The newest ones tell how often something comes; to sort all of them is the dearest part of a drawing. */
const MAX_SPACINGS = 100
/** A value that is older than this is no longer the newest. */
const NEWEST_SLICES = 30

export class NumberSlices {
  /** The positions that are known here, in the order of the lines. @type {readonly number[]} */
  positions = []
  /** The length of the longest array. */
  length = 0
  #generation = -1
  #ring = new Float64Array(0)
  #next = 0
  #oldest = 0
  #cameAtMs = 0

  get #stride() {
    return HEAD + VALUES * this.positions.length
  }

  /** Whether there is nothing. */
  get empty() {
    return this.#next === this.#oldest
  }

  /** The oldest slice. */
  get start() {
    return this.#oldest
  }

  /** One past the newest slice. */
  get end() {
    return this.#next
  }

  /** The newest known value of each position before a slice; NaN where there was none lately. @param {number} end */
  newestBefore(end) {
    const oldest = Math.max(this.#oldest, end - NEWEST_SLICES)
    return this.positions.map((_, line) => {
      let at = end - 1
      while (at > oldest && Number.isNaN(this.read(at, line, 2))) at -= 1
      return at < this.#oldest ? Number.NaN : this.read(at, line, 2)
    })
  }

  /** Takes a message in. @param {ArrayBuffer} buffer @returns {boolean} Whether there are other positions than before. */
  take(buffer) {
    const view = new DataView(buffer)
    if (view.getUint8(0) !== 2 || view.getUint8(1) !== 2) return false
    const lines = view.getUint32(4, true)
    const count = countSlices(buffer)
    const generation = view.getUint32(12, true)
    const first = view.getFloat64(16, true)
    const floats = new Float64Array(buffer, HEADER_BYTES)
    const [length, ...positions] = floats.subarray(count * (HEAD + VALUES * lines))
    const changed = positions.join() !== this.positions.join()
    this.length = length
    if (changed) {
      this.positions = positions
      this.#ring = new Float64Array(CAPACITY * this.#stride)
    }
    if (changed || generation !== this.#generation || first > this.#next) this.#oldest = first
    this.#generation = generation
    for (let index = 0; index < count; index++) {
      const slice = floats.subarray(index * this.#stride, (index + 1) * this.#stride)
      this.#ring.set(slice, ((first + index) % CAPACITY) * this.#stride)
    }
    this.#next = first + count
    this.#oldest = Math.max(this.#oldest, this.#next - CAPACITY)
    this.#cameAtMs = performance.now() - view.getFloat64(24, true) * 1000
    return changed
  }

  /** The time of a slice. @param {number} ordinal */
  timeOf(ordinal) {
    return this.#ring[(ordinal % CAPACITY) * this.#stride]
  }

  /** How many arrays never came right before those of a slice. @param {number} ordinal */
  missingBefore(ordinal) {
    return this.#ring[(ordinal % CAPACITY) * this.#stride + 2]
  }

  /**
   * The least (0), greatest (1) or newest (2) value of a line in a slice; NaN where none is known.
   *
   * @param {number} ordinal
   * @param {number} line
   * @param {number} which
   */
  read(ordinal, line, which) {
    return this.#ring[(ordinal % CAPACITY) * this.#stride + HEAD + VALUES * line + which]
  }

  /** The first slice that begins at a time or later; one past the newest where none does. @param {number} time */
  find(time) {
    let [low, high] = [this.#oldest, this.#next]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.timeOf(middle) < time) low = middle + 1
      else high = middle
    }
    return low
  }

  /**
   * Sums slices up to one point of a line: least, greatest, mean of the newest values, how many know any, and how many
   * know only that what came is no number.
   *
   * @param {number} from
   * @param {number} end
   * @param {number} line
   * @param {Float64Array} into
   */
  sumUp(from, end, line, into) {
    const [ring, stride] = [this.#ring, this.#stride]
    let [least, greatest, sum, known, none] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0]
    let at = (from % CAPACITY) * stride + HEAD + VALUES * line
    for (let ordinal = from; ordinal < end; ordinal++, at += stride) {
      if (at >= ring.length) at -= ring.length
      const newest = ring[at + 2]
      // Not a number.
      if (newest !== newest) {
        if (ring[at] === Number.POSITIVE_INFINITY) none += 1
        continue
      }
      if (ring[at] < least) least = ring[at]
      if (ring[at + 1] > greatest) greatest = ring[at + 1]
      sum += newest
      known += 1
    }
    into[0] = least
    into[1] = greatest
    into[2] = sum / known
    into[3] = known
    into[4] = none
  }

  /** How long a silence is a break, by how often something came up to a slice. @param {number} end One past it. */
  breakSeconds(end = this.#next) {
    const spacings = []
    for (let at = end - 1; at > this.#oldest && spacings.length < MAX_SPACINGS; at--) {
      spacings.push(this.timeOf(at) - this.timeOf(at - 1))
    }
    return Math.max(MIN_BREAK_SECONDS, BREAK_SPACINGS * median(spacings))
  }

  /** Where the time of the stream has come. @param {number} nowMs When to look at it, as `performance.now()` tells the time. */
  timeAt(nowMs) {
    const silence = (nowMs - this.#cameAtMs) / 1000
    return this.timeOf(this.#next - 1) + (silence > this.breakSeconds() ? silence : 0)
  }
}

/** How many slices a message has. @param {ArrayBuffer} buffer */
export function countSlices(buffer) {
  return new DataView(buffer).getUint32(8, true)
}

/** The middle one of some numbers; 0 where there are none. @param {readonly number[]} numbers */
export function median(numbers) {
  return Float64Array.from(numbers).sort()[numbers.length >> 1] ?? 0
}
