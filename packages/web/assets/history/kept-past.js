/** What is kept of the past, as the server told last. */
export class KeptPast {
  /** @type {import('../../src/history/past-messages.ts').TimelineMessage | undefined} */
  #told
  #toldAtMs = 0

  /** @param {import('../../src/history/past-messages.ts').TimelineMessage} message */
  tell(message) {
    this.#told = message
    this.#toldAtMs = performance.now()
  }

  /** Whether nothing was told yet. */
  get isUnknown() {
    return this.#told === undefined
  }

  /** Whether there is nothing, or nobody knows yet. */
  get isEmpty() {
    return this.#told === undefined || this.#told.from === null
  }

  /** Whether more comes. */
  get isGrowing() {
    return this.#told?.isLive ?? false
  }

  /** What it can be saved as. */
  get formats() {
    return this.#told?.formats ?? []
  }

  get span() {
    const { from, to } = this.#told ?? {}
    return { from: from ?? 0, to: to ?? 0 }
  }

  /** @type {import('./moment-window.js').Kept} */
  get kept() {
    return { ...this.span, isGrowing: this.isGrowing }
  }

  /** Where the time has come; the end of a recording. */
  get present() {
    const { to } = this.span
    return this.isGrowing ? to + (performance.now() - this.#toldAtMs) / 1000 : to
  }
}
