/** Input samples that each output sample is made of. */
const TAPS = 32
/** Positions between two input samples that have coefficients of their own; between these it is linear. */
const PHASES = 256
/** The part of the band that is kept; the filter falls off in the rest. */
const PASS_BAND = 0.92

/**
 * Converts one channel to another rate, by a windowed sinc. What comes out is later than what goes in by 16 input
 * samples.
 */
export class Resampler {
  /** Input samples for each output sample. */
  readonly #step: number
  readonly #filters: readonly Float32Array[]
  /** The last input samples of the piece before. */
  #history = new Float32Array(TAPS)
  /** Of the next output sample in the next piece: input samples from its begin. */
  #at = 0

  /**
   * @param from - Samples a second that come in.
   * @param to - Samples a second that go out.
   */
  constructor(from: number, to: number) {
    this.#step = from / to
    this.#filters = makeFilters(Math.min(1, to / from) * PASS_BAND)
  }

  /** Converts the next piece. */
  take(input: Float32Array): Float32Array {
    const count = Math.max(0, Math.ceil((input.length - this.#at) / this.#step))
    const output = new Float32Array(count)
    const all = new Float32Array(TAPS + input.length)
    all.set(this.#history)
    all.set(input, TAPS)
    for (let index = 0; index < count; index++) {
      const at = this.#at + index * this.#step
      const whole = Math.floor(at)
      const phase = (at - whole) * PHASES
      const [low, share] = [Math.floor(phase), phase % 1]
      const before = this.#filters[low] as Float32Array
      const after = this.#filters[low + 1] as Float32Array
      let sum = 0
      for (let tap = 0; tap < TAPS; tap++) {
        const weight = (before[tap] as number) * (1 - share) + (after[tap] as number) * share
        sum += (all[whole + 1 + tap] as number) * weight
      }
      output[index] = sum
    }
    this.#at += count * this.#step - input.length
    this.#history = all.slice(-TAPS)
    return output
  }
}

/** @param band - What is kept, as a share of what the input can hold. */
function makeFilters(band: number): Float32Array[] {
  return Array.from({ length: PHASES + 1 }, (_, phase) => {
    const filter = new Float32Array(TAPS)
    let sum = 0
    for (let tap = 0; tap < TAPS; tap++) {
      const x = tap - TAPS / 2 + 1 - phase / PHASES
      const window = Math.abs(x) < TAPS / 2 ? 0.5 + 0.5 * Math.cos((2 * Math.PI * x) / TAPS) : 0
      const sinc = x === 0 ? band : Math.sin(Math.PI * band * x) / (Math.PI * x)
      sum += filter[tap] = sinc * window
    }
    return filter.map((weight) => weight / sum)
  })
}
