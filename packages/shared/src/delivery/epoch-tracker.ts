import { SequenceTracker, type SequenceRange } from './sequence-tracker.ts'

/** The number of epochs kept per topic; the least recently seen is dropped first. */
const MAX_EPOCHS = 8

/** After this time nothing sent before a pause is still in transit. */
const ON_ITS_WAY_MS = 1000

/** The accounts of a topic, summed over all its epochs. */
export interface SequenceTotals {
  readonly received: number
  readonly lost: number
  /** Values that the publisher left out for this subscriber. */
  readonly withheld: number
  readonly repeated: number
  /** The first number of the newest run of the newest epoch; -1 before the first value. */
  readonly first: number
  /** The last number of the newest run of the newest epoch; -1 before the first value. */
  readonly last: number
}

/**
 * The accounts of one topic: a {@link SequenceTracker} for each epoch. A new epoch means a restarted publisher, not a
 * loss. An epoch that comes back after another one was seen means that two publishers use the same topic.
 */
export class EpochTracker {
  readonly #trackers = new Map<number, SequenceTracker>()
  #current: number | undefined
  #tracker = new SequenceTracker()
  #retired = { received: 0, lost: 0, withheld: 0, repeated: 0 }
  #epochs = 0
  #shared = false
  #hasBegunAgain = false
  /** Epochs whose next gap is due to the pause. */
  readonly #rejoining = new Set<number>()
  #firmAtMs = 0

  /** The number of epochs seen. */
  get epochs(): number {
    return this.#epochs
  }

  /** True when two publishers use this topic. */
  get shared(): boolean {
    return this.#shared
  }

  /** True when an epoch started again below its first value. */
  get hasBegunAgain(): boolean {
    return this.#hasBegunAgain
  }

  /**
   * Counts `count` values of an epoch, from `seq` on.
   *
   * @param isSentAgain - True when they are marked as sent again. Values below the first that are not marked come from
   *   a publisher that was restarted with the same epoch: they begin a run with its own baseline and are not a loss.
   *   Default true.
   * @param withheld - The number of values directly before them that were left out for this subscriber. Default 0.
   * @returns The ranges not seen before.
   */
  accept(
    epoch: number,
    seq: number,
    count: number,
    isSentAgain = true,
    withheld = 0,
  ): readonly SequenceRange[] {
    if (epoch !== this.#current) this.#turnTo(epoch)
    if (this.#rejoining.size > 0) this.#rejoin(epoch, seq)
    if (!isSentAgain && seq + count <= this.#tracker.first) this.#beginAgain(epoch)
    return this.#tracker.accept(seq, count, withheld)
  }

  /**
   * Resumes after a pause in the subscription: the next gap of each known epoch does not count as a loss, and a new run
   * begins after it, with its own baseline. If nothing was missed, the run continues.
   *
   * @param pausedMs - The length of the pause. Values sent before it may still arrive for a second after that.
   */
  rejoin(pausedMs: number): void {
    for (const epoch of this.#trackers.keys()) this.#rejoining.add(epoch)
    this.#firmAtMs = performance.now() + ON_ITS_WAY_MS - pausedMs
  }

  /** The sums over all epochs, including dropped ones. */
  totals(): SequenceTotals {
    let { received, lost, withheld, repeated } = this.#retired
    for (const tracker of this.#trackers.values()) {
      received += tracker.received
      lost += tracker.lost
      withheld += tracker.withheld
      repeated += tracker.repeated
    }
    return { received, lost, withheld, repeated, first: this.#tracker.first, last: this.#tracker.last }
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

  #beginAgain(epoch: number): void {
    this.#hasBegunAgain = true
    this.#retire(epoch, this.#tracker)
    this.#tracker = new SequenceTracker()
    this.#trackers.set(epoch, this.#tracker)
  }

  #rejoin(epoch: number, seq: number): void {
    const { last } = this.#tracker
    if (!this.#rejoining.has(epoch) || seq <= last) return
    if (seq === last + 1) {
      if (performance.now() >= this.#firmAtMs) this.#rejoining.delete(epoch)
      return
    }
    this.#retire(epoch, this.#tracker)
    this.#tracker = new SequenceTracker(last + 1)
    this.#trackers.set(epoch, this.#tracker)
  }

  #retireOldest(): void {
    const [epoch, tracker] = this.#trackers.entries().next().value as [number, SequenceTracker]
    this.#retire(epoch, tracker)
  }

  #retire(epoch: number, tracker: SequenceTracker): void {
    this.#trackers.delete(epoch)
    this.#rejoining.delete(epoch)
    this.#retired = {
      received: this.#retired.received + tracker.received,
      lost: this.#retired.lost + tracker.lost,
      withheld: this.#retired.withheld + tracker.withheld,
      repeated: this.#retired.repeated + tracker.repeated,
    }
  }
}
