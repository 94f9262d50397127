import { SequenceTracker } from '@zcast/shared/internal'

/**
 * The counts of one topic and epoch: `last - first + 1 = received + lost + withheld`, and
 * `received = recorded + unwritten`.
 */
export interface Account {
  readonly topic: string
  /** 0 for formats that have none. */
  readonly epoch: number
  /** The sequence numbers of its first and last value. */
  readonly first: number
  readonly last: number
  /** Values that came. */
  readonly received: number
  /** Values between first and last that did not come, and should have. */
  readonly lost: number
  /** Those that the publisher or a relay left out on purpose. */
  readonly withheld: number
  /** Values that came, and are not in the file: the disk was full, or they were skipped for newer ones. */
  readonly unwritten: number
  /** Nanoseconds since the Unix epoch at which its first and last value were recorded. */
  readonly from: bigint
  readonly to: bigint
}

/** A value, or several in a row, of a topic. */
export interface Counted {
  readonly topic: string
  readonly epoch: number
  /** `undefined` for formats without numbers: it is then numbered as it comes. */
  readonly seq: number | undefined
  readonly count: number
  /** Values directly before them that were left out on purpose. Default 0. */
  readonly withheld?: number | undefined
  /** Nanoseconds since the Unix epoch. */
  readonly time: bigint
}

/** Topics and epochs that are counted; the rest is recorded without. */
const MAX_ACCOUNTS = 4096

/** Numbers that are missing. */
export interface Missing {
  readonly first: number
  readonly count: number
}

class OpenAccount {
  readonly #tracker: SequenceTracker
  unwritten = 0
  /** Values between its first number and its first value: those that came, and are not there; those withheld. */
  readonly #before = { leftOut: 0, withheld: 0 }
  /** Values after its first that were told to be withheld, of those that the tracker takes for left out. */
  #withheld = 0
  to: bigint
  hasChanged = true
  readonly topic: string
  readonly epoch: number
  readonly from: bigint
  /** The number of its first value, if earlier ones are elsewhere. */
  readonly #expected: number | undefined

  constructor({ topic, epoch, time }: Counted, expected: number | undefined) {
    this.topic = topic
    this.epoch = epoch
    this.from = time
    this.to = time
    this.#expected = expected
    this.#tracker = new SequenceTracker(expected)
  }

  /**
   * Counts values.
   *
   * @param lost - Of the numbers that are missing directly before them. Default: all.
   * @returns Those numbers, if any.
   */
  add({ seq, count, withheld: told = 0, time }: Counted, lost = Infinity): Missing | undefined {
    const isFirst = this.#tracker.last < 0
    const last = isFirst ? (this.#expected ?? 0) - 1 : this.#tracker.last
    const own = seq ?? last + 1
    const gap = Math.max(own - last - 1, 0)
    // They are those nearest to this value.
    const withheld = Math.min(told, gap)
    const missing = gap - withheld
    const leftOut = Math.max(missing - lost, 0)
    this.#tracker.accept(own, count, isFirst ? 0 : leftOut + withheld)
    if (!isFirst) this.#withheld += withheld
    else if (this.#expected !== undefined) Object.assign(this.#before, { leftOut, withheld })
    this.hasChanged = true
    if (time > this.to) this.to = time
    return last >= 0 && missing > 0 ? { first: last + 1, count: missing } : undefined
  }

  read(): Account {
    const { topic, epoch, unwritten, from, to } = this
    const { first: own, last, received, lost } = this.#tracker
    const first = this.#expected ?? own
    const before = this.#before
    // One that came after all is no longer among them.
    const withheld = Math.min(this.#withheld, this.#tracker.withheld)
    const leftOut = this.#tracker.withheld - withheld + before.leftOut
    return {
      topic,
      epoch,
      first,
      last,
      received: received + leftOut,
      lost: lost + Math.max(own - first, 0) - before.leftOut - before.withheld,
      withheld: withheld + before.withheld,
      unwritten: unwritten + leftOut,
      from,
      to,
    }
  }
}

/** Counts what is recorded, exactly, for each topic and epoch. */
export class Accounts {
  readonly #accounts = new Map<string, OpenAccount>()
  readonly #expected = new Map<string, number>()
  /** Lost before the next value, as was told. */
  readonly #told = new Map<string, number>()
  readonly #topics = new Set<string>()

  /** How many topics have values. */
  get topics(): number {
    return this.#topics.size
  }

  /** Counts values. @returns The numbers that are missing directly before them, if any. */
  add(counted: Counted): Missing | undefined {
    return this.#open(counted)?.add(counted)
  }

  /** Tells that values are lost before the next that {@link addTold} counts. */
  tell({
    topic,
    epoch,
    count,
  }: {
    readonly topic: string
    readonly epoch: number
    readonly count: number
  }): void {
    const key = keyOf(topic, epoch)
    if (this.#told.size < MAX_ACCOUNTS || this.#told.has(key))
      this.#told.set(key, (this.#told.get(key) ?? 0) + count)
  }

  /** Counts values. What is missing before them, and was not told to be lost, came and was left out. */
  addTold(counted: Counted): undefined {
    const key = keyOf(counted.topic, counted.epoch)
    this.#open(counted)?.add(counted, this.#told.get(key) ?? 0)
    this.#told.delete(key)
  }

  /** Counts values as {@link addTold} does that are not there themselves. */
  addLeftOut(counted: Counted): void {
    this.addTold(counted)
    this.leaveOut(counted.topic, counted.epoch, counted.count)
  }

  /**
   * Says which number the first value of a topic and epoch has if nothing is lost, because earlier ones are elsewhere. It
   * changes nothing after that value.
   */
  expect({
    topic,
    epoch,
    seq,
  }: {
    readonly topic: string
    readonly epoch: number
    readonly seq: number
  }): void {
    const key = keyOf(topic, epoch)
    if (this.#expected.size < MAX_ACCOUNTS && !this.#accounts.has(key)) this.#expected.set(key, seq)
  }

  /** True when there are values of a topic and epoch. */
  has(topic: string, epoch: number): boolean {
    return this.#accounts.has(keyOf(topic, epoch))
  }

  /** Counts values that could not be written. */
  leaveOut(topic: string, epoch: number, count: number): void {
    const account = this.#accounts.get(keyOf(topic, epoch))
    if (!account) return
    account.unwritten += count
    account.hasChanged = true
  }

  /** The accounts that have changed since this was last called. */
  takeChanged(): readonly Account[] {
    const changed = [...this.#accounts.values()].filter(({ hasChanged }) => hasChanged)
    for (const account of changed) account.hasChanged = false
    return changed.map((account) => account.read())
  }

  /** All accounts, in the order in which their first values came. */
  read(): readonly Account[] {
    return [...this.#accounts.values()].map((account) => account.read())
  }

  #open(counted: Counted): OpenAccount | undefined {
    const key = keyOf(counted.topic, counted.epoch)
    const known = this.#accounts.get(key)
    if (known || this.#accounts.size >= MAX_ACCOUNTS) return known
    const account = new OpenAccount(counted, this.#expected.get(key))
    this.#accounts.set(key, account)
    this.#topics.add(counted.topic)
    return account
  }
}

function keyOf(topic: string, epoch: number): string {
  return `${topic} ${epoch}`
}
