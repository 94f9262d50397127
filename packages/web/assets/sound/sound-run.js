import { HALF } from './sinc-filter.js'

/** Sound that is kept: the longest delay, and the longest piece. */
const KEPT_SECONDS = 3
/** A longer gap between two pieces is the end of one run and the beginning of another. */
const MAX_GAP_SECONDS = 1
/** The times of pieces that follow one another may be off by so much, as those of a microphone are. */
const JITTER_SECONDS = 0.05
/** What is off by less is no gap. */
const SLACK_SECONDS = 0.002
/** Around a gap sound fades, or it would click. */
const FADE_SAMPLES = 64

/**
 * Pieces of sound that follow one another, as one row of samples; what is missing between them is silence of the same
 * length. Samples are counted from the beginning of the run.
 */
export class SoundRun {
  rate
  left
  right
  /** The number of samples so far. */
  end = 0
  #lastSeq = Number.NaN
  /** The time at which each piece begins, oldest first. @type {{ at: number, time: number }[]} */
  #anchors = []

  /** @param {import('./sound-pieces.js').SoundPiece} piece Its first. */
  constructor(piece) {
    this.rate = piece.rate
    const length = 2 ** Math.ceil(Math.log2(piece.rate * KEPT_SECONDS))
    this.left = new Float32Array(length)
    this.right = new Float32Array(length)
    this.#append(piece)
  }

  /** The oldest sample that can be played. */
  get first() {
    return Math.max(0, this.end - this.left.length + HALF)
  }

  /** The time of the oldest sample, and of the one after the newest. */
  get startTime() {
    return this.timeAt(this.first)
  }

  get endTime() {
    return this.timeAt(this.end)
  }

  /** Adds a piece that belongs to it. @param {import('./sound-pieces.js').SoundPiece} piece @returns {boolean} False when it begins another run. */
  add(piece) {
    const gap = piece.time - this.endTime
    if (piece.rate !== this.rate || Math.abs(gap) > MAX_GAP_SECONDS) return false
    const follows = Number.isNaN(piece.seq) || piece.seq === this.#lastSeq + 1
    // One that was there already.
    if (!follows && gap < -SLACK_SECONDS) return true
    const missing = gap > (follows ? JITTER_SECONDS : SLACK_SECONDS) ? Math.round(gap * this.rate) : 0
    if (missing > 0) this.#leaveOut(missing)
    this.#append(piece)
    if (missing > 0) this.#fade(this.end - piece.left.length, 1)
    return true
  }

  /** The time of a sample, in seconds since the Unix epoch. @param {number} at */
  timeAt(at) {
    const anchor = this.#anchors.findLast((one) => one.at <= at) ?? this.#anchors[0]
    return anchor.time + (at - anchor.at) / this.rate
  }

  /** The place among the samples, between them too, of a time. @param {number} time */
  indexAt(time) {
    const anchor = this.#anchors.findLast((one) => one.time <= time) ?? this.#anchors[0]
    return anchor.at + (time - anchor.time) * this.rate
  }

  /** @param {import('./sound-pieces.js').SoundPiece} piece */
  #append({ left, right, time, seq }) {
    this.#anchors.push({ at: this.end, time })
    const mask = this.left.length - 1
    for (let from = 0; from < left.length; from++, this.end++) {
      this.left[this.end & mask] = left[from]
      this.right[this.end & mask] = right[from]
    }
    this.#lastSeq = seq
    while (this.#anchors.length > 1 && this.#anchors[1].at <= this.first) this.#anchors.shift()
  }

  /** @param {number} count Samples of silence. */
  #leaveOut(count) {
    this.#fade(this.end - 1, -1)
    const mask = this.left.length - 1
    for (let done = 0; done < count; done++, this.end++)
      this.left[this.end & mask] = this.right[this.end & mask] = 0
  }

  /** @param {number} from The sample that becomes silent. @param {1 | -1} step To the one that stays nearly as it is. */
  #fade(from, step) {
    const mask = this.left.length - 1
    for (let done = 0; done < FADE_SAMPLES; done++) {
      const at = (from + done * step) & mask
      this.left[at] *= done / FADE_SAMPLES
      this.right[at] *= done / FADE_SAMPLES
    }
  }
}
