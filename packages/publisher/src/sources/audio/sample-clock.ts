/** Further off than this, samples were lost or the clock was set. */
const JUMP_SECONDS = 0.1
/** The share of the difference that each piece takes back: what comes now and then late moves nothing. */
const CORRECTION = 0.005

/** Times for samples that come in pieces, unevenly: so long after one another as they last. */
export class SampleClock {
  readonly #rate: number
  #next: number | undefined

  /** @param rate - Samples a second. */
  constructor(rate: number) {
    this.#rate = rate
  }

  /**
   * When the first sample of a piece was captured.
   *
   * @param samples - How many it has.
   * @param now - When the last one came, in seconds since the Unix epoch.
   */
  firstOf(samples: number, now: number): number {
    const seconds = samples / this.#rate
    const came = now - seconds
    const expected = this.#next ?? came
    const off = came - expected
    const time = Math.abs(off) > JUMP_SECONDS ? came : expected + off * CORRECTION
    this.#next = time + seconds
    return time
  }
}
