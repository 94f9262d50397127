import { randomBytes } from 'node:crypto'
import { type PublishSocket, type TopicOffer, wallClock } from '@zcast/shared'
import { encodeTopicList, isTopicsRequest, TOPICS_TOPIC, zcastVersion } from '@zcast/shared/internal'
import { messageSize } from '../message-size.ts'
import { ResendBudget } from '../resend-budget.ts'

/** Questions on a topic of their own that may wait to be answered; further ones are not answered. */
const MAX_QUESTIONS = 64

/** The least time between two answers on the common topic, so that many subscribers at once cannot make a storm. */
const LEAST_GAP_MS = 100

/**
 * Tells subscribers to `!topics` what a publisher sends: at once, and again whenever that changes while somebody
 * listens. A question on a topic of its own (`!topics/<token>`) is answered once, at once. Nothing is made or encoded
 * for an answer. All of them come out of one budget of bytes.
 */
export class TopicAnswers {
  readonly #socket: PublishSocket
  readonly #list: () => readonly TopicOffer[]
  readonly #relays: () => readonly number[] | undefined
  readonly #publisher = randomBytes(4).readUInt32LE()
  readonly #budget = new ResendBudget()
  readonly #questions = new Set<string>()
  #isHeard = false
  #answeredAtMs = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #closed = false

  /** @param relays - Returns the relays that values pass, of a publisher that is one. Default: it is none. */
  constructor(
    socket: PublishSocket,
    list: () => readonly TopicOffer[],
    relays: () => readonly number[] | undefined = () => undefined,
  ) {
    this.#socket = socket
    this.#list = list
    this.#relays = relays
    socket.onSubscription((prefix, subscribed) => {
      if (!isTopicsRequest(prefix)) return
      if (prefix === TOPICS_TOPIC) {
        this.#isHeard = subscribed
        this.changed()
      } else if (!subscribed) this.#questions.delete(prefix)
      else if (this.#questions.size < MAX_QUESTIONS) {
        this.#questions.add(prefix)
        this.#answerQuestions()
      }
    })
  }

  /** What is sent has changed: those who listen are told. */
  changed(): void {
    if (!this.#isHeard || this.#timer || this.#closed) return
    const gapMs = this.#answeredAtMs + LEAST_GAP_MS - performance.now()
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined
        if (!this.#isHeard) return
        this.#answeredAtMs = performance.now()
        this.#answer(TOPICS_TOPIC)
      },
      Math.max(gapMs, this.#budget.waitMs, 0),
    ).unref()
  }

  /** Answers no more. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#questions.clear()
  }

  #answerQuestions(): void {
    const { waitMs } = this.#budget
    if (waitMs > 0) {
      setTimeout(() => this.#answerQuestions(), waitMs).unref()
      return
    }
    for (const question of this.#questions) this.#answer(question)
    this.#questions.clear()
  }

  #answer(topic: string): void {
    if (this.#closed) return
    const list = {
      time: wallClock(),
      publisher: this.#publisher,
      version: zcastVersion(),
      relays: this.#relays(),
      topics: this.#list(),
    }
    for (const message of encodeTopicList(topic, list)) {
      this.#budget.spend(messageSize(message))
      // Whoever gets no answer asks again, or looks at what comes.
      this.#socket.send(message).catch(() => undefined)
    }
  }
}
