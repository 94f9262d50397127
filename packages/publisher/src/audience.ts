import { HOLD_PREFIX, type PublishSocket } from '@zcast/shared'
import { SubscriptionTable } from './subscription-table.ts'

/** Who watches: the subscriptions and the peers of a publishing socket. */
export class Audience {
  readonly #socket: PublishSocket
  readonly #subscriptions = new SubscriptionTable()
  readonly #waiting = new Set<() => void>()
  #isHeld = false

  /**
   * @param onJoin - Called with the prefix of each subscription, before it counts.
   * @param onChange - Called after each subscription and each end of one.
   */
  constructor(socket: PublishSocket, onJoin: (prefix: string) => void, onChange: () => void) {
    this.#socket = socket
    socket.onSubscription((prefix, subscribed) => {
      if (prefix === HOLD_PREFIX) {
        this.#isHeld = subscribed
        return this.#wake()
      }
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
    await this.#until(() => this.#socket.peers >= count && this.#subscriptions.made(topics) >= count, signal)
  }

  /** Whether some subscriber asks a publisher that may lose nothing to wait for it. */
  get isHeld(): boolean {
    return this.#isHeld
  }

  /** Waits until no subscriber asks for that, or the signal aborts. */
  async untilReleased(signal: AbortSignal): Promise<void> {
    await this.#until(() => !this.#isHeld, signal)
  }

  async #until(isSo: () => boolean, signal: AbortSignal): Promise<void> {
    const wake = (): void => this.#wake()
    signal.addEventListener('abort', wake)
    while (!isSo() && !signal.aborted) await new Promise<void>((resolve) => this.#waiting.add(resolve))
    signal.removeEventListener('abort', wake)
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}
