import type { TopicList, TopicOffer } from '@zcast/shared'

/** Publishers behind one socket whose answers are kept, and topics of each. */
const MAX_PUBLISHERS = 64
const MAX_OFFERS = 256

/** A publisher that has left so many questions in a row unanswered, while others answered, is gone. */
const MAX_UNANSWERED = 6

/** What one publisher has said. */
interface Answer {
  /** The beginning of an answer whose end has not come yet. */
  readonly incoming: readonly TopicOffer[]
  readonly offers: readonly TopicOffer[]
  readonly relays: readonly number[]
  /** Questions in a row that others have answered since it last did. */
  readonly unanswered: number
  /** True when it has answered since the last question. */
  readonly isHeard: boolean
}

/** What the publishers behind one socket say that they have, and which of them are still there. */
export class PublisherAnswers {
  /** By the number of the publisher. The one heard last is the last. */
  readonly #answers = new Map<number, Answer>()
  /** True when the publishers may be others than those that answered. */
  #isOld = false

  /** The number of publishers that have answered and are not known to be gone. */
  get publishers(): number {
    return this.#answers.size
  }

  /** What they have, by topic. */
  offers(): Map<string, TopicOffer> {
    const offers = [...this.#answers.values()].flatMap((answer) => answer.offers)
    return new Map(offers.map((offer) => [offer.topic, offer]))
  }

  /** The relays on the way to them. */
  relays(): readonly number[] {
    return [...new Set([...this.#answers.values()].flatMap((answer) => answer.relays))]
  }

  /** Notes that a connection was interrupted: topics need not end, so answers are kept until others come. */
  interrupted(): void {
    this.#isOld = true
  }

  /** Takes an answer, or a part of one. */
  take({ publisher, topics, more, relays = [] }: TopicList): void {
    if (this.#isOld) this.#answers.clear()
    this.#isOld = false
    const known = this.#answers.get(publisher) ?? { incoming: [], offers: [], relays: [] }
    const incoming = [...known.incoming, ...topics].slice(0, MAX_OFFERS)
    const heard = { unanswered: 0, isHeard: true }
    this.#answers.delete(publisher)
    this.#answers.set(
      publisher,
      more > 0 ? { ...known, ...heard, incoming } : { ...heard, incoming: [], offers: incoming, relays },
    )
    const [oldest] = this.#answers.keys()
    if (this.#answers.size > MAX_PUBLISHERS) this.#answers.delete(oldest as number)
  }

  /**
   * Forgets publishers that are gone while others are there; called before each question. While none answers, it is the
   * network that is gone.
   *
   * @returns True when one was forgotten.
   */
  forgetGone(): boolean {
    const before = this.#answers.size
    const isAnswered = [...this.#answers.values()].some(({ isHeard }) => isHeard)
    if (!isAnswered) return false
    for (const [publisher, answer] of this.#answers) {
      const unanswered = answer.isHeard ? 0 : answer.unanswered + 1
      if (unanswered < MAX_UNANSWERED) this.#answers.set(publisher, { ...answer, unanswered, isHeard: false })
      else this.#answers.delete(publisher)
    }
    return this.#answers.size < before
  }
}
