import type { Statistics } from '@zcast/shared'
import type { LaneSubscriptions } from '../lane/lane-subscriptions.ts'

/** The topics that a subscriber receives in the place of those that it was asked for, and the accounts of them. */
export class RenditionTopics {
  readonly #statistics: Statistics
  readonly #lanes: LaneSubscriptions
  readonly #opened = new Set<string>()
  /** When each topic was left that may be subscribed to again. */
  readonly #leftAtMs = new Map<string, number>()

  constructor(statistics: Statistics, lanes: LaneSubscriptions) {
    this.#statistics = statistics
    this.#lanes = lanes
  }

  /** Whether a topic is one of them, or was: what was left may be on its way still, and belongs to its accounts. */
  has(topic: string): boolean {
    return this.#opened.has(topic)
  }

  /**
   * Subscribes to a topic in the place of another.
   *
   * @param hasLanes - Whether their publisher has lanes.
   */
  open(topic: string, stream: string, hasLanes: boolean): void {
    const accounts = this.#statistics.topic(topic)
    const leftAtMs = this.#leftAtMs.get(topic)
    this.#leftAtMs.delete(topic)
    if (leftAtMs !== undefined) accounts.sequence.rejoin(performance.now() - leftAtMs)
    if (topic !== stream) accounts.stream = this.#statistics.topic(stream)
    this.#opened.add(topic)
    this.#lanes.add(topic, hasLanes && !this.#statistics.topic(stream).sequence.shared)
  }

  /** Takes that back. */
  close(topic: string): void {
    this.#lanes.remove(topic)
    const accounts = this.#statistics.topics.get(topic)
    if (!accounts) return
    accounts.network = undefined
    this.#leftAtMs.set(topic, performance.now())
  }
}
