import type { PublishSocket } from '@zcast/shared'
import { HOLD_PREFIX } from '@zcast/shared/internal'
import { SubscriptionTable } from './subscription-table.ts'

/** A subscriber that asks the publisher to wait must ask again within this time. */
const HOLD_MS = 5000

/** The events of an {@link Audience}. */
export interface AudienceListener {
  /** Called with the prefix of each subscription, before it counts. */
  readonly onJoin: (prefix: string) => void
  /** Called after each subscription and each end of one. */
  readonly onChange: () => void
  /** Returns the number of subscribers that receive some of these topics without having subscribed to them. */
  readonly others: (topics: readonly string[]) => number
  /** Called when a subscriber that asked the publisher to wait has neither asked again nor released it. */
  readonly onHoldForgotten: () => void
}

/** The watchers of a publisher: the subscriptions and the peers of its socket. */
export class Audience {
  readonly #socket: PublishSocket
  readonly #subscriptions = new SubscriptionTable()
  readonly #waiting = new Set<() => void>()
  readonly #onHoldForgotten: () => void
  readonly #others: AudienceListener['others']
  /** Runs while some subscriber asks the publisher to wait. */
  #hold: NodeJS.Timeout | undefined

  constructor(socket: PublishSocket, { onJoin, onChange, others, onHoldForgotten }: AudienceListener) {
    this.#socket = socket
    this.#onHoldForgotten = onHoldForgotten
    this.#others = others
    socket.onSubscription((prefix, subscribed) => {
      if (prefix === HOLD_PREFIX) return this.#setHold(subscribed)
      if (subscribed) onJoin(prefix)
      this.#subscriptions.record(prefix, subscribed)
      onChange()
      this.#wake()
    })
    socket.onPeers(() => this.#wake())
  }

  /** True when somebody has subscribed to this topic. */
  wants(topic: string): boolean {
    return this.#subscriptions.wants(topic)
  }

  /** Subscribers of these topics that are connected. It may be slightly off: a subscription may have ended. */
  count(topics: readonly string[]): number {
    // A peer may not have subscribed yet.
    return Math.min(this.#socket.peers, this.#subscriptions.made(topics) + this.#others(topics))
  }

  /** Waits until this many subscribers of these topics are connected, or the signal aborts. */
  async untilThere(topics: readonly string[], count: number, signal: AbortSignal): Promise<void> {
    await this.#until(() => this.count(topics) >= count, signal)
  }

  /** True when some subscriber asks a lossless publisher to wait for it. */
  get isHeld(): boolean {
    return this.#hold !== undefined
  }

  /** Waits until no subscriber asks for that, the signal aborts, or the time limit is reached. */
  async untilReleased(signal: AbortSignal, limitMs: number): Promise<void> {
    let isOver = false
    const timer = setTimeout(() => {
      isOver = true
      this.#wake()
    }, limitMs)
    await this.#until(() => isOver || !this.isHeld, signal)
    clearTimeout(timer)
  }

  /** Checks again who is connected. */
  changed(): void {
    this.#wake()
  }

  /** Stops all timers. */
  close(): void {
    clearTimeout(this.#hold)
  }

  #setHold(isHeld: boolean): void {
    clearTimeout(this.#hold)
    const forget = (): void => {
      this.#setHold(false)
      this.#onHoldForgotten()
    }
    this.#hold = isHeld ? setTimeout(forget, HOLD_MS).unref() : undefined
    this.#wake()
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
