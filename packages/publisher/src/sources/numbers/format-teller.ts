/** Names that come one after the other are told together. */
const TOGETHER_MS = 500

/** Tells what an input was taken for: at once, and after changes when they have settled. */
export class FormatTeller {
  readonly #tell: ((sentence: string) => void) | undefined
  #waiting: string | undefined
  #timer: NodeJS.Timeout | undefined
  #hasTold = false

  constructor(tell: ((sentence: string) => void) | undefined) {
    this.#tell = tell
  }

  /** Takes a sentence, if there is one. */
  tell(sentence: string | undefined): void {
    if (sentence === undefined) return
    this.#waiting = sentence
    if (!this.#hasTold) return this.#say()
    this.#timer ??= setTimeout(() => this.#say(), TOGETHER_MS)
  }

  /** Tells what still waits. */
  end(): void {
    this.#say()
  }

  #say(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#waiting === undefined) return
    this.#hasTold = true
    this.#tell?.(this.#waiting)
    this.#waiting = undefined
  }
}
