/** Different reasons that are passed on. */
const MAX_REASONS = 16

/** Passes on the first few different reasons: a peer that makes up a new one each time would fill the log. */
export class BoundedReasons {
  readonly #seen = new Set<string>()

  /** The reason, or one that is the same for all that came too late. */
  bound(reason: string): string {
    if (this.#seen.has(reason) || this.#seen.size < MAX_REASONS) {
      this.#seen.add(reason)
      return reason
    }
    return 'the pickle asks for something else, and only arrays of numpy are read'
  }
}
