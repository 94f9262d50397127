import type { TopicOffer } from '@zcast/shared'

/** The time that a rate is measured over: one such span that is complete, and the one that has begun. */
const SPAN_MS = 2000

interface Span {
  readonly sinceMs: number
  values: number
  messages: number
  bytes: number
}

function begin(sinceMs: number): Span {
  return { sinceMs, values: 0, messages: 0, bytes: 0 }
}

/** What was sent of a topic in the last two to four seconds. Costs one reading of the clock for what is sent at once. */
export class SentRate {
  #before: Span | undefined
  #now = begin(performance.now())

  /** Counts what was sent. */
  add(values: number, messages: number, bytes: number): void {
    this.#turn(performance.now())
    this.#now.values += values
    this.#now.messages += messages
    this.#now.bytes += bytes
  }

  /** The rates, in a second. */
  read(): Pick<TopicOffer, 'perSecond' | 'messagesPerSecond' | 'bytesPerSecond'> {
    const nowMs = performance.now()
    this.#turn(nowMs)
    const { values, messages, bytes } = this.#before ?? begin(nowMs)
    const seconds = (nowMs - (this.#before ?? this.#now).sinceMs) / 1000
    const perSecond = (count: number): number => (seconds > 0 ? count / seconds : 0)
    return {
      perSecond: perSecond(values + this.#now.values),
      messagesPerSecond: perSecond(messages + this.#now.messages),
      bytesPerSecond: perSecond(bytes + this.#now.bytes),
    }
  }

  #turn(nowMs: number): void {
    const elapsedMs = nowMs - this.#now.sinceMs
    if (elapsedMs < SPAN_MS) return
    // After a silence of two spans, nothing of before counts.
    this.#before = elapsedMs < 2 * SPAN_MS ? this.#now : begin(nowMs - SPAN_MS)
    this.#now = begin(nowMs)
  }
}
