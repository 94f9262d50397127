/**
 * Samples between samples, at another rate. Each is a sum of those around it, weighted by a windowed sinc: what is
 * audible stays as it is, and what the new rate cannot hold is left out.
 */

/** Samples on either side. */
export const HALF = 16
const PHASES = 256
/** The part of the frequencies that passes; the window takes some of the rest. */
const PASSED = 0.94

export class SincFilter {
  /** Weights of each phase, and one more phase. */
  #table

  /** @param {number} ratio Samples that are made of each sample: at less than 1 some frequencies have to go. */
  constructor(ratio) {
    const cutoff = Math.min(1, ratio) * PASSED
    this.#table = Float32Array.from({ length: (PHASES + 1) * 2 * HALF }, (_, index) => {
      const phase = Math.floor(index / (2 * HALF))
      const tap = index % (2 * HALF)
      return weightAt(tap - HALF + 1 - phase / PHASES, cutoff)
    })
  }

  /**
   * The value at a place between samples.
   *
   * @param {Float32Array} samples A ring: its length is a power of two.
   * @param {number} at Behind it are HALF samples, and before it as many less one.
   */
  valueAt(samples, at) {
    const table = this.#table
    const mask = samples.length - 1
    const whole = Math.floor(at)
    const fine = (at - whole) * PHASES
    const phase = Math.floor(fine)
    const part = fine - phase
    const first = whole - HALF + 1
    let row = phase * 2 * HALF
    let sum = 0
    for (let tap = 0; tap < 2 * HALF; tap++, row++) {
      const weight = table[row]
      sum += samples[(first + tap) & mask] * (weight + part * (table[row + 2 * HALF] - weight))
    }
    return sum
  }
}

/** @param {number} distance In samples. @param {number} cutoff 0 to 1. */
function weightAt(distance, cutoff) {
  const turn = (Math.PI * distance) / HALF
  if (Math.abs(distance) >= HALF) return 0
  const blackman = 0.42 + 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn)
  const x = Math.PI * distance * cutoff
  return (x === 0 ? 1 : Math.sin(x) / x) * cutoff * blackman
}
