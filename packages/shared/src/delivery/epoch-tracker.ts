import { SequenceTracker, type SequenceRange } from './sequence-tracker.ts'

/** Epochs of a topic that are kept; the least recently seen goes first. */
const MAX_EPOCHS = 8

/** What a topic's accounts add up to over all its epochs. */
export interface SequenceTotals {
  readonly received: number
  readonly lost: number
  readonly repeated: number
  /** Of the newest epoch; -1 before the first value. */
  readonly first: number
  /** Of the newest epoch; -1 before the first value. */
  readonly last: number
}

/**
 * The accounts of one topic: a {@link SequenceTracker} for each epoch. A new epoch is a restarted publisher, not a
 * loss. An epoch that comes back after another was seen means that two publishers use one topic.
 */
export class EpochTracker {
  readonly #trackers = new Map<number, SequenceTracker>()
  #current: number | undefined
  #tracker = new SequenceTracker()
  #retired = { received: 0, lost: 0, repeated: 0 }
  #epochs = 0
  #shared = false

  /** How many epochs were seen. */
  get epochs(): number {
    return this.#epochs
  }

  /** Whether two publishers use this topic. */
  get shared(): boolean {
    return this.#shared
  }

  /** Accounts for `count` values of an epoch, from `seq` on. @returns The ranges not seen before. */
  accept(epoch: number, seq: number, count: number): readonly SequenceRange[] {
    if (epoch !== this.#current) this.#turnTo(epoch)
    return this.#tracker.accept(seq, count)
  }

  /** The sums over all epochs, retired ones included. */
  totals(): SequenceTotals {
    let { received, lost, repeated } = this.#retired
    for (const tracker of this.#trackers.values()) {
      received += tracker.received
      lost += tracker.lost
      repeated += tracker.repeated
    }
    return { received, lost, repeated, first: this.#tracker.first, last: this.#tracker.last }
  }

  #turnTo(epoch: number): void {
    let tracker = this.#trackers.get(epoch)
    if (tracker) {
      this.#shared = true
      this.#trackers.delete(epoch)
    } else {
      tracker = new SequenceTracker()
      this.#epochs += 1
    }
    this.#trackers.set(epoch, tracker)
    this.#current = epoch
    this.#tracker = tracker
    if (this.#trackers.size > MAX_EPOCHS) this.#retireOldest()
  }

  #retireOldest(): void {
    const [epoch, tracker] = this.#trackers.entries().next().value as [number, SequenceTracker]
    this.#trackers.delete(epoch)
    this.#retired = {
      received: this.#retired.received + tracker.received,
      lost: this.#retired.lost + tracker.lost,
      repeated: this.#retired.repeated + tracker.repeated,
    }
  }
}
