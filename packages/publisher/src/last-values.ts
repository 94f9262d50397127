import { type Envelope, valueCount } from '@zcast/shared'
import { ResendBudget } from './resend-budget.ts'

/** A value younger than this is not sent again: the next one is taken to be on its way. */
const QUIET_AFTER_MS = 500

/** The least time between two resends of a topic, so that many clients that come back at once cannot make a storm. */
const LEAST_GAP_MS = 100

interface LastValue {
  envelope: Envelope
  sentAtMs: number
  resentAtMs: number
  timer: NodeJS.Timeout | undefined
}

/**
 * The newest value of each running topic, sent again for subscribers that join while the stream is quiet: once it is
 * older than 500 ms, at most once in 100 ms and within a budget of bytes, and not at all when a newer value comes
 * first. ZeroMQ cannot address a single subscriber, so all of them receive it; those that have it already drop it.
 */
export class LastValues {
  readonly #resend: (envelope: Envelope) => void
  readonly #values = new Map<string, LastValue>()
  readonly #budget = new ResendBudget()

  /** @param resend - Sends an envelope, marked as retained, to every subscriber that has room. */
  constructor(resend: (envelope: Envelope) => void) {
    this.#resend = resend
  }

  /** Records a value that was just sent. */
  remember(envelope: Envelope): void {
    const sentAtMs = performance.now()
    const value = this.#values.get(envelope.topic)
    if (value && isEarlier(envelope, value.envelope)) return
    if (value) {
      value.envelope = envelope
      value.sentAtMs = sentAtMs
      if (value.timer) this.#stop(value)
    } else {
      const resentAtMs = Number.NEGATIVE_INFINITY
      this.#values.set(envelope.topic, { envelope, sentAtMs, resentAtMs, timer: undefined })
    }
  }

  /**
   * Serves a subscriber that has just joined.
   *
   * @param isWanted - True for the topics it subscribed to.
   * @param graceMs - The time to wait first for a regular new value, for each topic.
   */
  serve(isWanted: (topic: string) => boolean, graceMs: (topic: string) => number): void {
    for (const [topic, value] of this.#values) {
      if (!isWanted(topic) || value.timer) continue
      const nowMs = performance.now()
      const quietAtMs = Math.max(nowMs + graceMs(topic), value.sentAtMs + QUIET_AFTER_MS)
      this.#resendAfter(value, Math.max(quietAtMs, value.resentAtMs + LEAST_GAP_MS) - nowMs)
    }
  }

  /** The newest value of a topic. */
  get(topic: string): Envelope | undefined {
    return this.#values.get(topic)?.envelope
  }

  /** Forgets a topic that has ended. */
  forget(topic: string): void {
    const value = this.#values.get(topic)
    if (value) this.#stop(value)
    this.#values.delete(topic)
  }

  #stop(value: LastValue): void {
    clearTimeout(value.timer)
    value.timer = undefined
  }

  #resendAfter(value: LastValue, waitMs: number): void {
    value.timer = setTimeout(() => {
      const { waitMs: budgetWaitMs } = this.#budget
      if (budgetWaitMs > 0) return this.#resendAfter(value, budgetWaitMs)
      this.#budget.spend(sizeOf(value.envelope))
      value.resentAtMs = performance.now()
      value.timer = undefined
      this.#resend({ ...value.envelope, retained: true })
    }, waitMs).unref()
  }
}

/** True for an earlier value that was sent again. */
function isEarlier({ retained, epoch, block }: Envelope, than: Envelope): boolean {
  return retained === true && epoch === than.epoch && (block.seq ?? 0) < (than.block.seq ?? 0)
}

/** The approximate size of a value when it is sent again: of a block, only the newest value. */
function sizeOf({ block }: Envelope): number {
  return block.data.byteLength / valueCount(block)
}
