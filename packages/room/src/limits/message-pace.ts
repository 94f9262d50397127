/** Tells what is wanted at once, and at most so often: of many in a row the last one is told. */
export class MessagePace {
  readonly #leastMs: number
  readonly #tell: () => void
  #resting: NodeJS.Timeout | undefined
  #isWanted = false

  /** @param leastMs - From one to the next. */
  constructor(leastMs: number, tell: () => void) {
    this.#leastMs = leastMs
    this.#tell = tell
  }

  /** Asks for a message. */
  want(): void {
    this.#isWanted = true
    if (!this.#resting) this.#settle()
  }

  /** Stops the timer; nothing is told any more. */
  close(): void {
    clearTimeout(this.#resting)
    this.#resting = undefined
    this.#isWanted = false
  }

  #settle(): void {
    this.#resting = undefined
    if (!this.#isWanted) return
    this.#isWanted = false
    this.#resting = setTimeout(() => this.#settle(), this.#leastMs).unref()
    this.#tell()
  }
}
