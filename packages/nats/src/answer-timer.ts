/** Answers come within this time, and at most once in it. */
const SPREAD_MS = 200

/**
 * Answers what all hear at the same moment, each at a moment of its own: otherwise one small message makes thousands of
 * subscribers send all their wishes at once, and whoever repeats it makes them do so without end.
 */
export class AnswerTimer {
  readonly #answer: () => void
  #timer: NodeJS.Timeout | undefined
  #answeredAtMs = Number.NEGATIVE_INFINITY

  constructor(answer: () => void) {
    this.#answer = answer
  }

  /** Answers soon, once for all that ask until then. */
  ask(): void {
    if (this.#timer) return
    const restMs = Math.max(0, this.#answeredAtMs + SPREAD_MS - performance.now())
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        this.#answeredAtMs = performance.now()
        this.#answer()
      },
      restMs + Math.random() * SPREAD_MS,
    ).unref()
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
