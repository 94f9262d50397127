/** Prefixes counted one by one; beyond it everything counts as wanted, so that a hostile peer cannot fill the memory. */
const MAX_PREFIXES = 10_000

/** Which topics are asked for now: the subscriptions of all peers, by prefix, as XPUB reports them. */
export class SubscriptionTable {
  readonly #counts = new Map<string, number>()
  #overflowed = false

  /** Accounts for a subscription, or the end of one. */
  record(prefix: string, subscribed: boolean): void {
    const count = (this.#counts.get(prefix) ?? 0) + (subscribed ? 1 : -1)
    if (count <= 0) this.#counts.delete(prefix)
    else if (this.#counts.has(prefix) || this.#counts.size < MAX_PREFIXES) this.#counts.set(prefix, count)
    else this.#overflowed = true
  }

  /** Whether somebody has asked for this topic. */
  wants(topic: string): boolean {
    if (this.#overflowed) return true
    for (const prefix of this.#counts.keys()) if (topic.startsWith(prefix)) return true
    return false
  }
}
