/** A longer interval is not the duration of a picture: the clock that timed the clip was set. */
const LONGEST_STEP_SECONDS = 300
/** In streams that are cut and joined without changes, gaps in time are not pauses; ffmpeg has the same limit. */
const LONGEST_STREAM_STEP_SECONDS = 10
const STREAM_CONTAINER = /^(?:mpegts|mpeg)\b/

/**
 * Converts the times of a file's pictures to display times, which never decrease. A picture keeps its own distance from
 * the previous one; when times jump back, or ahead by more than five minutes (10 s in MPEG streams), or stand still,
 * the distance is that of the clip's rate.
 */
export class ClipClock {
  readonly #usualStep: number
  readonly #longestStep: number
  #last: number | undefined
  /** The distance between the previous two pictures, as in the file. */
  #step: number | undefined
  #next: number
  #jumped = false

  /**
   * @param usualStep - Seconds from one picture to the next when the file says nothing useful.
   * @param container - The container, by ffmpeg's names.
   * @param at - The display time of the first picture. Default 0.
   */
  constructor(usualStep: number, container: string, at = 0) {
    this.#usualStep = usualStep
    this.#longestStep = STREAM_CONTAINER.test(container) ? LONGEST_STREAM_STEP_SECONDS : LONGEST_STEP_SECONDS
    this.#next = at
  }

  /** True when times have jumped, so that they no longer say where in the file a picture is. */
  get jumped(): boolean {
    return this.#jumped
  }

  /** The display time of the next picture, in seconds from the first one. @param time - Seconds, as in the file. */
  show(time: number): number {
    if (this.#last !== undefined) this.#next += this.#accept(time - this.#last)
    this.#last = time
    return this.#next
  }

  #accept(step: number): number {
    // Two pictures at the same time are shown so; more mean a file without times.
    const stands = step === 0 && this.#step === 0
    this.#step = step
    if (step >= 0 && step <= this.#longestStep && !stands) return step
    this.#jumped = true
    return this.#usualStep
  }
}
