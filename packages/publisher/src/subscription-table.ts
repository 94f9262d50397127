/**
 * The number of prefixes remembered; beyond it everything counts as wanted, so that a hostile peer cannot fill the
 * memory. ZeroMQ's socket has a limit of its own, but what a peer sent before it was cut off is still reported (50,000
 * at once, measured), and another transport may have none.
 */
const MAX_PREFIXES = 10_000

/**
 * The topics that are wanted now: the prefixes that some peer has subscribed to, as the publishing socket reports them.
 */
export class SubscriptionTable {
  /** The number of times each prefix was subscribed to since nobody last wanted it. */
  readonly #prefixes = new Map<string, number>()
  /** Subscriptions that were not remembered and have not ended. */
  #beyond = 0

  /** Records a subscription, or the end of the last one to this prefix. */
  record(prefix: string, subscribed: boolean): void {
    const times = this.#prefixes.get(prefix)
    if (!subscribed) {
      // A prefix reported twice beyond the limit ends only once: everything then stays wanted, rather than too little.
      if (!this.#prefixes.delete(prefix) && this.#beyond > 0) this.#beyond -= 1
    } else if (times !== undefined || this.#prefixes.size < MAX_PREFIXES) {
      this.#prefixes.set(prefix, (times ?? 0) + 1)
    } else this.#beyond += 1
  }

  /** True when somebody has subscribed to this topic. */
  wants(topic: string): boolean {
    if (this.#beyond > 0) return true
    // A topic has few prefixes, while a hostile peer may have subscribed to thousands.
    for (let length = 0; length <= topic.length; length++) {
      if (this.#prefixes.has(topic.slice(0, length))) return true
    }
    return false
  }

  /** The number of subscriptions made to these topics; more than there are now when some of several have ended. */
  made(topics: readonly string[]): number {
    let count = 0
    for (const [prefix, times] of this.#prefixes) {
      if (topics.some((topic) => topic.startsWith(prefix))) count += times
    }
    return count
  }
}
