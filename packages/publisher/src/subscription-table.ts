/** Prefixes remembered; beyond it everything counts as wanted, so that a hostile peer cannot fill the memory. */
const MAX_PREFIXES = 10_000

/** Which topics are asked for now: the prefixes that some peer has subscribed to, as the publishing socket reports them. */
export class SubscriptionTable {
  readonly #prefixes = new Set<string>()
  #overflowed = false

  /** Accounts for a subscription, or for the end of the last one to this prefix. */
  record(prefix: string, subscribed: boolean): void {
    if (!subscribed) this.#prefixes.delete(prefix)
    else if (this.#prefixes.size < MAX_PREFIXES) this.#prefixes.add(prefix)
    else this.#overflowed ||= !this.#prefixes.has(prefix)
  }

  /** Whether somebody has asked for this topic. */
  wants(topic: string): boolean {
    if (this.#overflowed) return true
    // A topic has few beginnings, while a hostile peer may have asked for thousands of prefixes.
    for (let length = 0; length <= topic.length; length++) {
      if (this.#prefixes.has(topic.slice(0, length))) return true
    }
    return false
  }
}
