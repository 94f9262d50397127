/** A picture that is shown for longer than this was none: the clock that timed the clip was set. */
const LONGEST_STEP_SECONDS = 300
/** In streams that are cut and put together as they are, gaps in time are no pauses; ffmpeg has the same limit. */
const LONGEST_STREAM_STEP_SECONDS = 10
const STREAM_CONTAINER = /^(?:mpegts|mpeg)\b/

/**
 * Turns the times that a file gives its pictures into times to show them at, which never fall. A picture keeps its own
 * distance from the one before; where times jump back, or ahead by more than five minutes (10 s in MPEG streams), or stand still,
 * it is that of the clip's rate.
 */
export class ClipClock {
  readonly #usualStep: number
  readonly #longestStep: number
  #last: number | undefined
  /** From the picture before the last one to that, as the file has it. */
  #step: number | undefined
  #next: number
  #jumped = false

  /**
   * @param usualStep - Seconds from one picture to the next where the file says nothing of use.
   * @param container - ffmpeg's names of the container.
   * @param at - When the first picture is shown. Default 0.
   */
  constructor(usualStep: number, container: string, at = 0) {
    this.#usualStep = usualStep
    this.#longestStep = STREAM_CONTAINER.test(container) ? LONGEST_STREAM_STEP_SECONDS : LONGEST_STEP_SECONDS
    this.#next = at
  }

  /** Whether times have jumped, so that they do not tell any more where in the file a picture is. */
  get jumped(): boolean {
    return this.#jumped
  }

  /** When the next picture is shown, in seconds from the first one. @param time - Seconds, as the file has it. */
  show(time: number): number {
    if (this.#last !== undefined) this.#next += this.#accept(time - this.#last)
    this.#last = time
    return this.#next
  }

  #accept(step: number): number {
    // Two pictures at the same time are shown so; more are a file without times.
    const stands = step === 0 && this.#step === 0
    this.#step = step
    if (step >= 0 && step <= this.#longestStep && !stands) return step
    this.#jumped = true
    return this.#usualStep
  }
}
