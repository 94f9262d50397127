// oxlint-disable no-control-regex -- a terminal speaks in control characters
/** The answer of a terminal. */
export interface TerminalAnswer {
  /** True when it shows pictures by the kitty graphics protocol; `undefined` when it did not answer at all. */
  readonly kitty: boolean | undefined
  /** A cell's width divided by its height, if it said so. */
  readonly cellAspect: number | undefined
}

/**
 * Asks for one pixel by the kitty graphics protocol without showing it, for the size of a cell, and last for something
 * every terminal answers (device attributes), which ends the wait on terminals that ignore the rest.
 */
export const QUESTIONS = '\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c'

const DEVICE_ATTRIBUTES = /\x1b\[\?[\d;]*c/
const GRAPHICS_OK = /\x1b_Gi=31;OK\x1b\\/
const CELL_SIZE = /\x1b\[6;(\d+);(\d+)t/
const MAX_ANSWER_LENGTH = 4096

/** Collects the answers to {@link QUESTIONS}. */
export class TerminalAnswers {
  readonly #answer: Promise<TerminalAnswer>
  #resolve: (answer: TerminalAnswer) => void = () => {}
  #text = ''

  /** @param timeoutMs - The longest wait for the last answer. */
  constructor(timeoutMs: number) {
    this.#answer = new Promise((resolve) => (this.#resolve = resolve))
    const timer = setTimeout(() => this.#finish(), timeoutMs)
    void this.#answer.then(() => clearTimeout(timer))
  }

  /** Adds input from the terminal. */
  add(text: string): void {
    this.#text = (this.#text + text).slice(-MAX_ANSWER_LENGTH)
    if (DEVICE_ATTRIBUTES.test(this.#text)) this.#finish()
  }

  /** Resolves when the terminal has answered, or the time is over. */
  get complete(): Promise<TerminalAnswer> {
    return this.#answer
  }

  #finish(): void {
    const kitty = GRAPHICS_OK.test(this.#text) || (DEVICE_ATTRIBUTES.test(this.#text) ? false : undefined)
    const [, height, width] = CELL_SIZE.exec(this.#text) ?? []
    const cellAspect = Number(height) > 0 && Number(width) > 0 ? Number(width) / Number(height) : undefined
    this.#resolve({ kitty, cellAspect })
  }
}
