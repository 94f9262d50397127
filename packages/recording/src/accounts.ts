import { SequenceTracker } from '@zcast/shared/internal'

/** The counts of one topic and epoch: `last - first + 1 = received + lost`, and `received = recorded + unwritten`. */
export interface Account {
  readonly topic: string
  /** 0 for formats that have none. */
  readonly epoch: number
  /** The sequence numbers of its first and last value. */
  readonly first: number
  readonly last: number
  /** Values that came. */
  readonly received: number
  /** Values between first and last that did not come. */
  readonly lost: number
  /** Values that came while the disk was full, and are not in the file. */
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
  /** Nanoseconds since the Unix epoch. */
  readonly time: bigint
}

/** Topics and epochs that are counted; the rest is recorded without. */
const MAX_ACCOUNTS = 4096

class OpenAccount {
  readonly tracker = new SequenceTracker()
  unwritten = 0
  to: bigint
  hasChanged = true
  readonly topic: string
  readonly epoch: number
  readonly from: bigint

  constructor({ topic, epoch, time }: Counted) {
    this.topic = topic
    this.epoch = epoch
    this.from = time
    this.to = time
  }

  read(): Account {
    const { topic, epoch, unwritten, from, to } = this
    const { first, last, received, lost, withheld } = this.tracker
    return { topic, epoch, first, last, received, lost: lost + withheld, unwritten, from, to }
  }
}

/** Counts what is recorded, exactly, for each topic and epoch. */
export class Accounts {
  readonly #accounts = new Map<string, OpenAccount>()

  /** Counts values. @returns The numbers that are missing directly before them, if any. */
  add(counted: Counted): { readonly first: number; readonly count: number } | undefined {
    const account = this.#open(counted)
    if (!account) return undefined
    const { tracker } = account
    const { last } = tracker
    const seq = counted.seq ?? last + 1
    tracker.accept(seq, counted.count)
    account.hasChanged = true
    if (counted.time > account.to) account.to = counted.time
    return last >= 0 && seq > last + 1 ? { first: last + 1, count: seq - last - 1 } : undefined
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
    const account = new OpenAccount(counted)
    this.#accounts.set(key, account)
    return account
  }
}

function keyOf(topic: string, epoch: number): string {
  return `${topic} ${epoch}`
}
