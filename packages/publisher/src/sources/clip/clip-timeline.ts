/** A time during which a clip plays on without a jump. */
interface Stretch {
  readonly pass: number
  /** When its first picture was due, or would have been: seconds since the Unix epoch. */
  readonly begin: number
  /** From when on this holds. */
  readonly from: number
}

/** Where a clip is at some time. */
export interface ClipMoment {
  /** Which pass it is in. */
  readonly pass: number
  /** Seconds from the first picture of the pass. */
  readonly at: number
  /** Seconds for which it plays on without a jump, as far as is known. */
  readonly seconds: number
}

/** The times of pictures are rounded in many files, to a millisecond at the worst. */
const ROUNDING_SECONDS = 0.002
/** Sound is made at most a second after its pictures. */
const MAX_STRETCHES = 64

/** When which part of a clip is due, as its pictures have it: what the clip's sound is timed by. */
export class ClipTimeline {
  #stretches: Stretch[] = []

  /**
   * Says when a picture is due; called before it is.
   *
   * @param pass - Another number for each pass.
   * @param at - Seconds from the first picture of the pass.
   * @param time - Seconds since the Unix epoch.
   */
  show(pass: number, at: number, time: number): void {
    const begin = time - at
    const last = this.#stretches.at(-1)
    if (last?.pass === pass && Math.abs(last.begin - begin) <= ROUNDING_SECONDS) return
    this.#stretches.push({ pass, begin, from: time })
    if (this.#stretches.length > MAX_STRETCHES) this.#stretches.shift()
  }

  /** The pictures stand still: nothing is known any more. */
  stop(): void {
    this.#stretches = []
  }

  /** Where the clip is at a time, in seconds since the Unix epoch; `undefined` while its pictures stand still. */
  momentAt(time: number): ClipMoment | undefined {
    const index = this.#stretches.findLastIndex(({ from }) => from <= time)
    const stretch = this.#stretches[index]
    if (!stretch) return undefined
    const next = this.#stretches[index + 1]
    return { pass: stretch.pass, at: time - stretch.begin, seconds: (next?.from ?? Infinity) - time }
  }
}
