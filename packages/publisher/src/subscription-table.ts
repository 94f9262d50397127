/**
 * Prefixes remembered; beyond it everything counts as wanted, so that a hostile peer cannot fill the memory. ZeroMQ's
 * socket has a limit of its own, but what a peer sent before it was cut off is told all the same (50,000 at once,
 * measured), and another transport may have none.
 */
const MAX_PREFIXES = 10_000

/** Which topics are asked for now: the prefixes that some peer has subscribed to, as the publishing socket reports them. */
export class SubscriptionTable {
  /** How often each prefix was asked for since it was last asked for by nobody. */
  readonly #prefixes = new Map<string, number>()
  /** Subscriptions that were not remembered and have not ended. */
  #beyond = 0

  /** Accounts for a subscription, or for the end of the last one to this prefix. */
  record(prefix: string, subscribed: boolean): void {
    const times = this.#prefixes.get(prefix)
    if (!subscribed) {
      // Told of twice, one beyond ends once: then everything stays wanted, rather than too little.
      if (!this.#prefixes.delete(prefix) && this.#beyond > 0) this.#beyond -= 1
    } else if (times !== undefined || this.#prefixes.size < MAX_PREFIXES) {
      this.#prefixes.set(prefix, (times ?? 0) + 1)
    } else this.#beyond += 1
  }

  /** Whether somebody has asked for this topic. */
  wants(topic: string): boolean {
    if (this.#beyond > 0) return true
    // A topic has few beginnings, while a hostile peer may have asked for thousands of prefixes.
    for (let length = 0; length <= topic.length; length++) {
      if (this.#prefixes.has(topic.slice(0, length))) return true
    }
    return false
  }

  /** How many subscriptions to these topics were made; more than there are now when some of several have ended. */
  made(topics: readonly string[]): number {
    let count = 0
    for (const [prefix, times] of this.#prefixes) {
      if (topics.some((topic) => topic.startsWith(prefix))) count += times
    }
    return count
  }
}
