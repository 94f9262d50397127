/** How often it is looked, and how many looks are judged together: a second. */
const LOOK_EVERY_MS = 50
const LOOKS = 20

/** A reader that keeps up has read everything at some of these looks. */
const SHARE_BEHIND = 0.95

/**
 * Notices a reader that cannot keep up: whenever one looks, something waits to be read. Then its figures are those of the
 * reader, and not of the stream.
 */
export class BacklogWatch {
  readonly #timer: NodeJS.Timeout
  readonly #looks: boolean[] = []

  /** @param hasWaiting - True while something waits to be read. */
  constructor(hasWaiting: () => boolean) {
    this.#timer = setInterval(() => {
      this.#looks.push(hasWaiting())
      if (this.#looks.length > LOOKS) this.#looks.shift()
    }, LOOK_EVERY_MS)
  }

  /** True while the last second has shown that it cannot keep up. */
  get isBehind(): boolean {
    return this.#looks.length === LOOKS && this.#looks.filter(Boolean).length >= LOOKS * SHARE_BEHIND
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
