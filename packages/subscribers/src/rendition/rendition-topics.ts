import type { Statistics } from '@zcast/shared'
import { MAX_TOPICS } from '../intake.ts'
import type { LaneSubscriptions } from '../lane/lane-subscriptions.ts'

/** The topics that a subscriber receives in place of those it was asked for, and their accounts. */
export class RenditionTopics {
  readonly #statistics: Statistics
  readonly #lanes: LaneSubscriptions
  readonly #opened = new Set<string>()
  /** The time at which each topic was left that may be subscribed to again. */
  readonly #leftAtMs = new Map<string, number>()

  constructor(statistics: Statistics, lanes: LaneSubscriptions) {
    this.#statistics = statistics
    this.#lanes = lanes
  }

  /**
   * True when a topic is one of them, or was: pictures of a topic that was left may still be in transit, and belong to
   * its accounts.
   */
  has(topic: string): boolean {
    return this.#opened.has(topic)
  }

  /**
   * Subscribes to a topic in place of another; not when too many topics are tracked already: then the other continues.
   *
   * @param hasLanes - True when their publisher has lanes.
   */
  open(topic: string, stream: string, hasLanes: boolean): void {
    const { topics } = this.#statistics
    if (topic !== stream && topics.size >= MAX_TOPICS && !topics.has(topic)) return
    const accounts = this.#statistics.topic(topic)
    const leftAtMs = this.#leftAtMs.get(topic)
    this.#leftAtMs.delete(topic)
    if (leftAtMs !== undefined) accounts.sequence.rejoin(performance.now() - leftAtMs)
    if (topic !== stream) accounts.stream = this.#statistics.topic(stream)
    this.#opened.add(topic)
    this.#lanes.add(topic, hasLanes && !this.#statistics.topic(stream).sequence.shared)
  }

  /** Cancels that subscription. */
  close(topic: string): void {
    this.#lanes.remove(topic)
    if (this.#statistics.topics.has(topic)) this.#leftAtMs.set(topic, performance.now())
  }
}
