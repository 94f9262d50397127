/** A run of sequence numbers: `start` to `start + count - 1`. */
export interface SequenceRange {
  readonly start: number
  readonly count: number
}

interface Gap {
  start: number
  end: number
  /** True when the values were left out for this subscriber; false when they were lost. */
  isWithheld: boolean
}

/** The number of gaps remembered; a value that arrives late into a forgotten gap counts as repeated. */
const MAX_GAPS = 1024

/**
 * The account of one topic and epoch: the sequence numbers that came, and those that are missing. At any time
 * `last - first + 1 = received + lost + withheld`, exactly.
 *
 * The first number seen is the baseline. A lower number that comes later (a retained value) moves the baseline down; a
 * number that fills a gap was late, not lost.
 */
export class SequenceTracker {
  #first = -1
  #last = -1
  #received = 0
  #repeated = 0
  #withheld = 0
  /** Missing numbers between first and last, ascending; two gaps of the same kind never touch. */
  readonly #gaps: Gap[] = []
  readonly #least: number

  /** @param least - Numbers below this belong to an earlier account, and have been counted. Default 0. */
  constructor(least = 0) {
    this.#least = least
  }

  /** The lowest sequence number received; -1 before the first. */
  get first(): number {
    return this.#first
  }

  /** The highest sequence number received; -1 before the first. */
  get last(): number {
    return this.#last
  }

  /** Values received, each counted once. */
  get received(): number {
    return this.#received
  }

  /** Values between first and last that have not come. */
  get lost(): number {
    return this.#received === 0 ? 0 : this.#last - this.#first + 1 - this.#received - this.#withheld
  }

  /** Values between first and last that the publisher left out for this subscriber. */
  get withheld(): number {
    return this.#withheld
  }

  /** Values that came again. */
  get repeated(): number {
    return this.#repeated
  }

  /**
   * Counts `count` values from `seq` on.
   *
   * @param withheld - The number of values directly before them that were left out for this subscriber. Default 0.
   * @returns The ranges not seen before, ascending: one range for new values, none when all have been seen.
   */
  accept(seq: number, count: number, withheld = 0): readonly SequenceRange[] {
    const end = seq + count - 1
    if (seq < this.#least) return this.#acceptFrom(seq, end)
    if (this.#received === 0) {
      this.#first = seq
      this.#last = end
      this.#received = count
      return [{ start: seq, count }]
    }
    if (seq > this.#last) {
      if (seq > this.#last + 1) this.#skip(seq, withheld)
      this.#last = end
      this.#received += count
      return [{ start: seq, count }]
    }
    return this.#acceptLate(seq, end)
  }

  #acceptFrom(seq: number, end: number): readonly SequenceRange[] {
    this.#repeated += Math.min(end + 1, this.#least) - seq
    return end < this.#least ? [] : this.accept(this.#least, end - this.#least + 1)
  }

  #acceptLate(seq: number, end: number): readonly SequenceRange[] {
    const fresh: SequenceRange[] = []
    if (seq < this.#first) {
      const until = Math.min(end, this.#first - 1)
      if (until < this.#first - 1)
        this.#gaps.unshift({ start: until + 1, end: this.#first - 1, isWithheld: false })
      this.#first = seq
      fresh.push({ start: seq, count: until - seq + 1 })
    }
    fresh.push(...this.#fillGaps(seq, end))
    if (end > this.#last) {
      fresh.push({ start: this.#last + 1, count: end - this.#last })
      this.#last = end
    }
    // Splitting gaps must not let a hostile stream grow the list.
    if (this.#gaps.length > MAX_GAPS) this.#gaps.splice(0, this.#gaps.length - MAX_GAPS)
    const fresher = fresh.reduce((sum, range) => sum + range.count, 0)
    this.#received += fresher
    this.#repeated += end - seq + 1 - fresher
    return fresh
  }

  #fillGaps(seq: number, end: number): SequenceRange[] {
    const filled: SequenceRange[] = []
    // They are in order: those below the range are passed over by halves.
    let first = 0
    for (let above = this.#gaps.length; first < above;) {
      const middle = (first + above) >> 1
      if ((this.#gaps[middle] as Gap).end < seq) first = middle + 1
      else above = middle
    }
    // The part below the old baseline has been counted already, and its gap, if any, lies entirely above the range.
    for (let index = first; index < this.#gaps.length; index++) {
      const gap = this.#gaps[index] as Gap
      if (gap.start > end) break
      const start = Math.max(seq, gap.start)
      const until = Math.min(end, gap.end)
      filled.push({ start, count: until - start + 1 })
      const rest: Gap[] = []
      if (gap.isWithheld) this.#withheld -= until - start + 1
      if (gap.start < start) rest.push({ ...gap, end: start - 1 })
      if (gap.end > until) rest.push({ ...gap, start: until + 1 })
      this.#gaps.splice(index, 1, ...rest)
      index += rest.length - 1
    }
    return filled
  }

  /** Skips the missing values before `seq`: first the lost ones, then those left out. */
  #skip(seq: number, withheld: number): void {
    const first = this.#last + 1
    const firstWithheld = Math.max(seq - withheld, first)
    if (firstWithheld > first) this.#remember({ start: first, end: firstWithheld - 1, isWithheld: false })
    if (firstWithheld === seq) return
    this.#remember({ start: firstWithheld, end: seq - 1, isWithheld: true })
    this.#withheld += seq - firstWithheld
  }

  #remember(gap: Gap): void {
    this.#gaps.push(gap)
    if (this.#gaps.length > MAX_GAPS) this.#gaps.shift()
  }
}
