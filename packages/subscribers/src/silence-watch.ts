/** How many of its usual intervals a slow stream may be silent. */
const INTERVALS = 3

/** What comes so soon after it was asked for came because it was. */
const ANSWER_MS = 1000

/** How often it looks, within the time it waits for. */
const LOOKS = 5

/**
 * Notices that a stream has fallen silent: nothing for longer than a given time, or than three of its own usual
 * intervals where these are longer. A stream that sends a value every 10 s is not silent in between, and neither is one
 * that sends several at once every 10 s. One that comes only when it is asked for is: it is kept from the one who waits.
 */
export class SilenceWatch {
  readonly #leastMs: number
  readonly #timer: NodeJS.Timeout
  readonly #onSilence: () => void
  readonly #ask: () => void
  #heardAtMs = performance.now()
  /** When it was asked for in this silence. */
  #askedAtMs: number | undefined
  /** Whether the last silence ended because it was asked for, or may have: the next one is given time to end by itself. */
  #hasAnswered = false
  /** Whether the next interval is one of the stream's own. */
  #inRhythm = false
  /** The longest interval of late; 0 before the first. */
  #usualMs = 0
  #usualAtMs = 0
  /** The last interval that was too long to be usual, and when it ended. */
  #breakMs = 0
  #breakAtMs = 0

  /**
   * @param leastMs - Milliseconds of silence that are never worth a word.
   * @param onSilence - Called again and again while it is silent.
   * @param ask - Called once in each silence, to ask for the stream anew.
   */
  constructor(leastMs: number, onSilence: () => void, ask: () => void) {
    this.#leastMs = leastMs
    this.#onSilence = onSilence
    this.#ask = ask
    this.#timer = setInterval(() => this.#look(), leastMs / LOOKS).unref()
  }

  /**
   * A new value came.
   *
   * @param retained - It was sent before: when it came says nothing of the stream's rhythm. Default false.
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

  /** Begins to wait anew: somebody has just come who may have something to say. */
  restart(): void {
    this.#heardAtMs = performance.now()
    this.#askedAtMs = undefined
    this.#hasAnswered = false
    this.#inRhythm = false
    this.#usualMs = 0
    this.#breakMs = 0
  }

  /** Ends the watch. */
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
      // A break is none of the stream's own until it comes again.
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
