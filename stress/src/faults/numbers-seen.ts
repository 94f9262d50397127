/** The numbers seen of one run of a publisher. */
interface Epoch {
  readonly first: number
  last: number
}

/** Sentences of the same kind that are worth reading. */
const MOST_SENTENCES = 5

/** The sequence numbers that a witness has seen, of each run of its publisher. */
export class NumbersSeen {
  readonly #what: string
  readonly #epochs = new Map<number, Epoch>()
  readonly #disorder: string[] = []

  /** @param what - What is numbered, for sentences: `value`. */
  constructor(what: string) {
    this.#what = what
  }

  /** How many there are from the first to the last that were seen, of all runs. */
  get span(): number {
    let span = 0
    for (const { first, last } of this.#epochs.values()) span += last - first + 1
    return span
  }

  /** Sentences on those that did not come in order, the first few. */
  get disorder(): readonly string[] {
    return this.#disorder
  }

  /** One more was seen. */
  add(epoch: number, seq: number): void {
    const known = this.#epochs.get(epoch)
    if (!known) {
      this.#epochs.set(epoch, { first: seq, last: seq })
      return
    }
    if (seq <= known.last && this.#disorder.length < MOST_SENTENCES)
      this.#disorder.push(`${this.#what} ${seq} came after ${known.last}`)
    known.last = Math.max(known.last, seq)
  }
}
