import { HALF, SincFilter } from './sinc-filter.js'
import { SoundRun } from './sound-run.js'

/** Runs that wait: more means times that jump to and fro. */
const MAX_RUNS = 4
/** What is further off than this is put right at once; what is nearer, by playing a little faster or slower. */
const MAX_ERROR_SECONDS = 0.04
/** At most half a percent, which nobody hears; an error of 20 ms takes so much. */
const MAX_CORRECTION = 0.005
const CORRECTION_OF_A_SECOND = 0.25
/** The part of a new error that counts: the clocks that it comes from are not smooth. */
const SMOOTHING = 0.02
/** Sound begins, and ends, within so many samples, or it would click. */
const FADE_SAMPLES = 96
/** With less ahead, sound that begins would end at once. */
const LEAST_SECONDS = 0.02

/**
 * The jitter buffer of a stream of sound: pieces go in as they come, and each is read at its time, at another rate where
 * the clocks drift or the rates differ. Where nothing is, there is silence.
 *
 * @typedef {object} ReaderReport
 * @property {boolean} isPlaying Whether there is sound at the moment.
 * @property {number} errorMs How much of it is heard too late, or too early where negative, smoothed.
 * @property {number} starved How often there was nothing to play further.
 * @property {number} jumps How often sound was so far off that it jumped.
 */
export class SoundReader {
  #sampleRate
  /** @type {SoundRun[]} */
  #runs = []
  /** @type {{ pace: number, filter: SincFilter } | undefined} */
  #resampling
  /** The next sample of the first run; NaN while there is silence. */
  #at = Number.NaN
  #gain = 0
  #isEnding = false
  #error = 0
  #starved = 0
  #jumps = 0

  /** @param {number} sampleRate Of what is read. */
  constructor(sampleRate) {
    this.#sampleRate = sampleRate
  }

  /** How it is doing. @returns {ReaderReport} */
  report() {
    const { isPlaying } = this
    return { isPlaying, errorMs: -this.#error * 1000, starved: this.#starved, jumps: this.#jumps }
  }

  /** Whether there is sound at the moment. */
  get isPlaying() {
    return !Number.isNaN(this.#at)
  }

  /** Takes a piece. @param {import('./sound-pieces.js').SoundPiece} piece */
  push(piece) {
    if (this.#runs.at(-1)?.add(piece)) return
    this.#runs.push(new SoundRun(piece))
    if (this.#runs.length > MAX_RUNS) this.#next()
  }

  /**
   * Reads the samples from a time on.
   *
   * @param {Float32Array} left
   * @param {Float32Array} right As long as `left`.
   * @param {number} wanted The time of the first sample, in seconds since the Unix epoch; NaN for silence.
   * @param {number} [speed] How many times faster than it was made, and higher. Default 1.
   */
  read(left, right, wanted, speed = 1) {
    left.fill(0)
    right.fill(0)
    if (Number.isNaN(wanted)) return
    while (this.#runs.length > 1 && this.#runs[1].startTime <= wanted) this.#next()
    const [run] = this.#runs
    if (!run) return
    /** Samples of the run for each that is read, as it should be. */
    const pace = (run.rate * speed) / this.#sampleRate
    const from = this.isPlaying ? 0 : this.#begin(run, { wanted, pace, count: left.length })
    if (!this.isPlaying) return
    const step = pace * this.#correct(run, wanted + (from * pace) / run.rate)
    const leftSamples = run.end - HALF - this.#at
    if (leftSamples < step * (left.length + FADE_SAMPLES) && !this.#isEnding) {
      this.#isEnding = true
      this.#starved += 1
    }
    this.#play(run, { step, pace }, { left, right, from })
  }

  /** @param {SoundRun} run @param {{ wanted: number, pace: number, count: number }} read @returns {number} The sample with which sound begins. */
  #begin(run, { wanted, pace, count }) {
    const at = run.indexAt(wanted)
    const from = Math.max(0, Math.ceil((run.first - at) / pace))
    const begin = at + from * pace
    if (from >= count || run.end - begin < LEAST_SECONDS * run.rate + HALF) return count
    this.#at = begin
    this.#gain = 0
    this.#isEnding = false
    this.#error = 0
    return from
  }

  /** @param {SoundRun} run @param {number} wanted @returns {number} How much faster it is to be played, to be in time. */
  #correct(run, wanted) {
    const error = run.timeAt(this.#at) - wanted
    this.#error += (error - this.#error) * SMOOTHING
    if (Math.abs(error) > MAX_ERROR_SECONDS && !this.#isEnding) {
      this.#isEnding = true
      this.#jumps += 1
    }
    const correction = Math.max(
      -MAX_CORRECTION,
      Math.min(MAX_CORRECTION, this.#error * CORRECTION_OF_A_SECOND),
    )
    return 1 - correction
  }

  /** @param {SoundRun} run @param {{ step: number, pace: number }} how @param {{ left: Float32Array, right: Float32Array, from: number }} into */
  #play(run, { step, pace }, { left, right, from }) {
    const filter = this.#filterFor(pace)
    for (let to = from; to < left.length; to++) {
      this.#gain = Math.min(1, this.#gain + (this.#isEnding ? -1 : 1) / FADE_SAMPLES)
      if (this.#gain <= 0) return this.#stop()
      left[to] = filter.valueAt(run.left, this.#at) * this.#gain
      right[to] = filter.valueAt(run.right, this.#at) * this.#gain
      this.#at += step
    }
  }

  /** @param {number} pace */
  #filterFor(pace) {
    if (this.#resampling?.pace !== pace) this.#resampling = { pace, filter: new SincFilter(1 / pace) }
    return this.#resampling.filter
  }

  #next() {
    this.#runs.shift()
    this.#stop()
  }

  #stop() {
    this.#at = Number.NaN
    this.#gain = 0
    this.#isEnding = false
  }
}
