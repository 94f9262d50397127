/** The number of usual intervals for which a slow stream may be silent. */
const INTERVALS = 3

/** A value that comes this soon after it was requested came because of the request. */
const ANSWER_MS = 1000

/** The number of checks within the time to wait. */
const LOOKS = 5

/**
 * Detects that a stream has become silent: nothing for longer than a given time, or than three of its own usual
 * intervals if these are longer. A stream that sends a value every 10 s is not silent in between, and neither is one
 * that sends several at once every 10 s. A stream that comes only on request is silent: it does not reach the
 * subscriber by itself.
 */
export class SilenceWatch {
  readonly #leastMs: number
  readonly #timer: NodeJS.Timeout
  readonly #onSilence: () => void
  readonly #ask: () => void
  #heardAtMs = performance.now()
  /** The time of the request in this silence. */
  #askedAtMs: number | undefined
  /**
   * True when the last silence ended because of the request, or may have: the next one is given time to end by itself.
   */
  #hasAnswered = false
  /** True when the next interval is one of the stream's own. */
  #inRhythm = false
  /** The longest recent interval; 0 before the first. */
  #usualMs = 0
  #usualAtMs = 0
  /** The last interval that was too long to be usual, and when it ended. */
  #breakMs = 0
  #breakAtMs = 0

  /**
   * @param leastMs - Shorter silences, in milliseconds, are never reported.
   * @param onSilence - Called repeatedly while it is silent.
   * @param ask - Called once in each silence, to request the stream again.
   */
  constructor(leastMs: number, onSilence: () => void, ask: () => void) {
    this.#leastMs = leastMs
    this.#onSilence = onSilence
    this.#ask = ask
    this.#timer = setInterval(() => this.#look(), leastMs / LOOKS).unref()
  }

  /**
   * Notes a new value.
   *
   * @param retained - True when it was sent before: its arrival says nothing about the stream's rhythm. Default false.
   */
  hear(retained = false): void {
    const nowMs = performance.now()
    const isAnswer = this.#askedAtMs !== undefined && nowMs - this.#askedAtMs <= ANSWER_MS
    if (this.#inRhythm && !retained && !isAnswer) this.#learn(nowMs - this.#heardAtMs, nowMs)
    if (isAnswer) this.#hasAnswered = true
    else if (nowMs - this.#heardAtMs > this.#leastMs) this.#hasAnswered = false
    this.#inRhythm = !retained
    this.#heardAtMs = nowMs
    this.#askedAtMs = undefined
  }

  /** Starts the wait again: a new peer may have something to send. */
  restart(): void {
    this.#heardAtMs = performance.now()
    this.#askedAtMs = undefined
    this.#hasAnswered = false
    this.#inRhythm = false
    this.#usualMs = 0
    this.#breakMs = 0
  }

  /** Stops the watch. */
  close(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const nowMs = performance.now()
    const silentMs = nowMs - this.#heardAtMs - this.#patienceMs
    if (silentMs <= 0) return
    this.#onSilence()
    if (this.#askedAtMs !== undefined || (this.#hasAnswered && silentMs <= 2 * ANSWER_MS)) return
    this.#askedAtMs = nowMs
    this.#ask()
  }

  #learn(intervalMs: number, nowMs: number): void {
    let usualMs = intervalMs
    if (this.#usualMs > 0 && intervalMs > this.#patienceMs) {
      // A break counts as an interval of the stream only when it is repeated.
      usualMs = Math.min(intervalMs, this.#breakMs)
      const cameAgain = nowMs - this.#breakAtMs <= INTERVALS * usualMs
      this.#breakMs = intervalMs
      this.#breakAtMs = nowMs
      if (!cameAgain) return
    }
    if (usualMs < this.#usualMs && nowMs - this.#usualAtMs <= this.#patienceMs) return
    this.#usualMs = usualMs
    this.#usualAtMs = nowMs
  }

  get #patienceMs(): number {
    return Math.max(this.#leastMs, INTERVALS * this.#usualMs)
  }
}
