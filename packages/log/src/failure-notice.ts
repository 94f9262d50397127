/** Reports a failure once, and again only after a success in between. */
export class FailureNotice {
  readonly #say: (sentence: string) => void
  #isFailing = false

  constructor(say: (sentence: string) => void) {
    this.#say = say
  }

  failed(sentence: string): void {
    if (this.#isFailing) return
    this.#isFailing = true
    this.#say(sentence)
  }

  succeeded(): void {
    this.#isFailing = false
  }
}
