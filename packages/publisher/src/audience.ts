import type { PublishSocket } from '@zcast/shared'
import { SubscriptionTable } from './subscription-table.ts'

/** Who watches: the subscriptions and the peers of a publishing socket. */
export class Audience {
  readonly #socket: PublishSocket
  readonly #subscriptions = new SubscriptionTable()
  readonly #waiting = new Set<() => void>()

  /**
   * @param onJoin - Called with the prefix of each subscription, before it counts.
   * @param onChange - Called after each subscription and each end of one.
   */
  constructor(socket: PublishSocket, onJoin: (prefix: string) => void, onChange: () => void) {
    this.#socket = socket
    socket.onSubscription((prefix, subscribed) => {
      if (subscribed) onJoin(prefix)
      this.#subscriptions.record(prefix, subscribed)
      onChange()
      this.#wake()
    })
    socket.onPeers(() => this.#wake())
  }

  /** Whether somebody has asked for this topic. */
  wants(topic: string): boolean {
    return this.#subscriptions.wants(topic)
  }

  /** Waits until so many subscribers of these topics are there, or the signal aborts. */
  async untilThere(topics: readonly string[], count: number, signal: AbortSignal): Promise<void> {
    // Both tell a little less than the truth: a peer may not have subscribed yet, a subscription may have ended.
    const isThere = (): boolean => this.#socket.peers >= count && this.#subscriptions.made(topics) >= count
    const wake = (): void => this.#wake()
    signal.addEventListener('abort', wake)
    while (!isThere() && !signal.aborted) await new Promise<void>((resolve) => this.#waiting.add(resolve))
    signal.removeEventListener('abort', wake)
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}
