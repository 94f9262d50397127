import { SequenceTracker, type SequenceRange } from './sequence-tracker.ts'

/** Epochs of a topic that are kept; the least recently seen goes first. */
const MAX_EPOCHS = 8

/** After this much time nothing sent before a pause is on its way any more. */
const ON_ITS_WAY_MS = 1000

/** What a topic's accounts add up to over all its epochs. */
export interface SequenceTotals {
  readonly received: number
  readonly lost: number
  /** Left out by the publisher for this subscriber. */
  readonly withheld: number
  readonly repeated: number
  /** Of the newest run of the newest epoch; -1 before the first value. */
  readonly first: number
  /** Of the newest run of the newest epoch; -1 before the first value. */
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
  #retired = { received: 0, lost: 0, withheld: 0, repeated: 0 }
  #epochs = 0
  #shared = false
  #hasBegunAgain = false
  /** Epochs whose next gap is the pause's. */
  readonly #rejoining = new Set<number>()
  #firmAtMs = 0

  /** How many epochs were seen. */
  get epochs(): number {
    return this.#epochs
  }

  /** Whether two publishers use this topic. */
  get shared(): boolean {
    return this.#shared
  }

  /** Whether an epoch began again below its first value. */
  get hasBegunAgain(): boolean {
    return this.#hasBegunAgain
  }

  /**
   * Accounts for `count` values of an epoch, from `seq` on.
   *
   * @param isSentAgain - Whether they are marked as sent again. Those that are not, below the first, come from a publisher
   *   that was started again with the epoch it had: a run with a baseline of its own, rather than a loss. Default true.
   * @param withheld - How many right before them were left out for this subscriber. Default 0.
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
   * What follows was not asked for without a break: the next gap of each epoch known so far is nobody's loss, and a
   * new run begins behind it, with a baseline of its own. Where nothing was missed the run goes on.
   *
   * @param pausedMs - How long nothing was asked for. What was sent before may still come for a second after that.
   */
  rejoin(pausedMs: number): void {
    for (const epoch of this.#trackers.keys()) this.#rejoining.add(epoch)
    this.#firmAtMs = performance.now() + ON_ITS_WAY_MS - pausedMs
  }

  /** The sums over all epochs, retired ones included. */
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
