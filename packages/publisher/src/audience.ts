import { HOLD_PREFIX, type PublishSocket } from '@zcast/shared'
import { SubscriptionTable } from './subscription-table.ts'

/** Who asks a publisher to wait has to ask again within this time. */
const HOLD_MS = 5000

/** What an {@link Audience} tells of. */
export interface AudienceListener {
  /** Called with the prefix of each subscription, before it counts. */
  readonly onJoin: (prefix: string) => void
  /** Called after each subscription and each end of one. */
  readonly onChange: () => void
  /** How many receive some of these topics without having subscribed to them. */
  readonly others: (topics: readonly string[]) => number
  /** Called when nobody has asked again for the publisher to wait, nor to go on. */
  readonly onHoldForgotten: () => void
}

/** Who watches: the subscriptions and the peers of a publishing socket. */
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

  /** Whether somebody has asked for this topic. */
  wants(topic: string): boolean {
    return this.#subscriptions.wants(topic)
  }

  /** Waits until so many subscribers of these topics are there, or the signal aborts. */
  async untilThere(topics: readonly string[], count: number, signal: AbortSignal): Promise<void> {
    // Both tell a little less than the truth: a peer may not have subscribed yet, a subscription may have ended.
    const asked = (): number => this.#subscriptions.made(topics) + this.#others(topics)
    await this.#until(() => this.#socket.peers >= count && asked() >= count, signal)
  }

  /** Whether some subscriber asks a publisher that may lose nothing to wait for it. */
  get isHeld(): boolean {
    return this.#hold !== undefined
  }

  /** Waits until no subscriber asks for that, the signal aborts, or the time is over. */
  async untilReleased(signal: AbortSignal, limitMs: number): Promise<void> {
    let isOver = false
    const timer = setTimeout(() => {
      isOver = true
      this.#wake()
    }, limitMs)
    await this.#until(() => isOver || !this.isHeld, signal)
    clearTimeout(timer)
  }

  /** Looks again at who is there. */
  changed(): void {
    this.#wake()
  }

  /** Ends what runs. */
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
