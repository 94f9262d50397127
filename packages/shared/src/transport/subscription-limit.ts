import { MAX_TOPIC_BYTES } from '../topic.ts'

/** Different subscriptions of all peers together. */
const MAX_PREFIXES = 5000

/** Their bytes together. ZeroMQ keeps each in a node of some 40 bytes, and one subscription may have 1 KiB. */
const MAX_PREFIX_BYTES = MAX_PREFIXES * MAX_TOPIC_BYTES

/** Counts what the peers of a publisher ask for, with which they could fill its memory. */
export class SubscriptionLimit {
  /** What is asked for now. */
  readonly #prefixes = new Set<string>()
  #bytes = 0

  /** Takes note of a subscription. @returns Whether that is too many; the count begins anew then. */
  add(prefix: string): boolean {
    if (this.#prefixes.has(prefix)) return false
    this.#prefixes.add(prefix)
    this.#bytes += prefix.length
    if (this.#prefixes.size <= MAX_PREFIXES && this.#bytes <= MAX_PREFIX_BYTES) return false
    this.#prefixes.clear()
    this.#bytes = 0
    return true
  }

  /** Takes note of the end of the last subscription to a prefix. */
  delete(prefix: string): void {
    if (this.#prefixes.delete(prefix)) this.#bytes -= prefix.length
  }
}
