import { Distribution } from './distribution.ts'

/** What came of a topic in one second. */
export interface Slice {
  readonly sinceMs: number
  /** Milliseconds between the arrivals of messages that followed each other. */
  readonly arrivals: Distribution
  /** Milliseconds between values that followed each other, by the time they carry. */
  readonly times: Distribution
  /** Milliseconds from the time of the first value of a message to its arrival, by two clocks. */
  readonly delays: Distribution
  /** Bytes of each message. */
  readonly sizes: Distribution
  values: number
  /** Numbers that were passed over. */
  gaps: number
  /** Between messages that say both: values by their numbers, and milliseconds by their times. */
  sentValues: number
  sentMs: number
}

const SLICE_MS = 1000

function begin(sinceMs: number): Slice {
  return {
    sinceMs,
    arrivals: new Distribution(),
    times: new Distribution(),
    delays: new Distribution(),
    sizes: new Distribution(),
    values: 0,
    gaps: 0,
    sentValues: 0,
    sentMs: 0,
  }
}

/** The last seconds of a topic. Memory is the same whatever comes. */
export class AccountWindow {
  readonly windowMs: number
  readonly #sliceMs: number
  readonly #slices: Slice[] = []

  /**
   * @param windowMs - 1,000 to 600,000; more with longer slices.
   * @param sliceMs - 1,000 unless it is a recording that is looked at.
   */
  constructor(windowMs: number, sliceMs = SLICE_MS) {
    this.windowMs = windowMs
    this.#sliceMs = sliceMs
  }

  /** The slice for what comes now. */
  at(nowMs: number): Slice {
    const newest = this.#slices.at(-1)
    if (newest && nowMs - newest.sinceMs < this.#sliceMs) return newest
    // Slices begin a whole number of seconds apart, so that each is one second.
    const apart = newest ? Math.floor((nowMs - newest.sinceMs) / this.#sliceMs) * this.#sliceMs : 0
    const slice = begin(newest ? newest.sinceMs + apart : nowMs)
    this.#slices.push(slice)
    this.#forget(nowMs)
    return slice
  }

  /** What there is of the last `windowMs`, oldest first. */
  slices(nowMs: number): readonly Slice[] {
    this.#forget(nowMs)
    return this.#slices
  }

  #forget(nowMs: number): void {
    while (this.#slices[0] && nowMs - this.#slices[0].sinceMs >= this.windowMs + this.#sliceMs)
      this.#slices.shift()
  }
}
