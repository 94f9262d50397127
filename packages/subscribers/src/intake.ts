import {
  type Codec,
  type Envelope,
  isRejection,
  type Log,
  type Message,
  sliceValues,
  type Statistics,
  type TopicStatistics,
  valueCount,
} from '@zcast/shared'
import { matchesSubscription } from '@zcast/shared/internal'
import { KnownLabels } from './known-labels.ts'
import { laneOf, takeOffLane } from './lane/lane-subscriptions.ts'

/** Options of {@link Intake}. */
export interface IntakeOptions {
  /** The topics and whole kinds that are subscribed to. */
  readonly topics: readonly string[]
  /** True when a topic is wanted that was not asked for. Default: none is. */
  readonly wants?: (topic: string) => boolean
  /** Topics tracked at once. Default {@link MAX_TOPICS}. */
  readonly maxTopics?: number | undefined
  readonly codec: Codec
  readonly statistics: Statistics
  /** Receives reports of refused messages. Default: no reports. */
  readonly log?: Log | undefined
  /** Called with each envelope that came for the first time, and the accounts of its topic. */
  readonly onFresh: (envelope: Envelope, accounts: TopicStatistics) => void
  /** Called when something new has come, before it is passed on. */
  readonly onHeard: (envelope: Envelope) => void
  /** Called with a publisher's answer about lanes. */
  readonly onAnswer: (envelope: Envelope, lane: string) => void
  /** Called with each message that was read, new or not. */
  readonly onRead: (envelope: Envelope, lane: string | undefined, accounts: TopicStatistics) => void
}

/**
 * The number of topics tracked at once; messages on further ones are refused, so that a hostile peer cannot fill the
 * memory.
 */
export const MAX_TOPICS = 256

/**
 * Reads arriving messages and keeps their accounts: what was subscribed to, what is new, and what was lost before it.
 */
export class Intake {
  readonly #options: IntakeOptions
  readonly #labels = new KnownLabels()
  /** The prefixes of the first parts of the messages that are subscribed to. */
  readonly prefixes: readonly string[]

  constructor(options: IntakeOptions) {
    this.#options = options
    const { topics, codec } = options
    this.prefixes = [...new Set(topics.flatMap((topic) => codec.prefixes(topic)))]
  }

  /** Accepts a message from outside, of which any byte may be hostile. */
  take(received: Message): void {
    const { codec, statistics, log, onAnswer, onRead } = this.#options
    const lane = codec.hasLanes && received[0] ? laneOf(received[0]) : undefined
    const message = lane === undefined ? received : takeOffLane(received)
    const result = codec.decode(message, this.#wants)
    if (!isRejection(result)) {
      if (result.answer) return lane === undefined ? undefined : onAnswer(result, lane)
      const accounts = statistics.topic(result.topic)
      this.#account(this.#labels.label(result), accounts, lane)
      return onRead(result, lane, accounts)
    }
    const { rejected, reason, topic } = result
    if (rejected === 'unwanted') return
    if (topic === undefined) {
      // The socket delivers everything that a publisher sends; messages that nobody here subscribed to are ignored.
      if (this.#beginsAsWanted(message[0])) this.#refuse(reason)
      return
    }
    statistics.topic(topic)[rejected] += 1
    log?.warning(`dropped a message on ${topic}: ${reason}`, undefined, reason)
  }

  #beginsAsWanted(part: Uint8Array = Buffer.alloc(0)): boolean {
    const text = Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1')
    return this.prefixes.some((prefix) => text.startsWith(prefix))
  }

  /** More arrives than was subscribed to: prefixes let longer topics through, which belong to others. */
  readonly #wants = (topic: string): boolean => {
    const { topics, wants, statistics, maxTopics = MAX_TOPICS } = this.#options
    const isAsked = topics.some((subscription) => matchesSubscription(topic, subscription))
    if (!isAsked && !wants?.(topic)) return false
    if (statistics.topics.size < maxTopics || statistics.topics.has(topic)) return true
    this.#refuse(`more than ${maxTopics} topics`)
    return false
  }

  /** Drops a message that belongs to no topic's accounts. */
  #refuse(reason: string): void {
    this.#options.statistics.invalid += 1
    this.#options.log?.warning(`dropped a message: ${reason}`)
  }

  #account(envelope: Envelope, accounts: TopicStatistics, lane?: string): void {
    const { block, epoch } = envelope
    accounts.recordSize(block)
    if (epoch === undefined || block.seq === undefined) {
      accounts.unsequenced += valueCount(block)
      this.#options.onHeard(envelope)
      this.#options.onFresh(envelope, accounts)
      return
    }
    const wasShared = accounts.sequence.shared
    const wasBack = accounts.duplicate > 0 || accounts.sequence.hasBegunAgain
    // A lane may repeat what has already come on the topic.
    const isSentAgain = envelope.retained === true || lane !== undefined
    const ranges = accounts.sequence.accept(
      epoch,
      block.seq,
      valueCount(block),
      isSentAgain,
      envelope.withheld,
    )
    if (!isSentAgain) this.#countDuplicates(envelope, ranges, accounts)
    // An earlier value says nothing about the stream: it is resent whenever another subscriber joins.
    if (ranges.length > 0) this.#options.onHeard(envelope)
    for (const { start, count } of ranges) {
      const part = sliceValues(block, start - block.seq, count)
      this.#options.onFresh(part === block ? envelope : { ...envelope, block: part }, accounts)
    }
    if (!wasShared && accounts.sequence.shared) {
      this.#options.log?.warning(
        `two publishers use the topic ${envelope.topic}: give each stream a name of its own`,
      )
    }
    const isBack = accounts.duplicate > 0 || accounts.sequence.hasBegunAgain
    if (isBack && !wasBack) {
      this.#options.log?.warning(
        `${envelope.topic} repeats sequence numbers, and the repeated values are dropped: its publisher was restarted with the same epoch, two publishers share an epoch, or it is received twice; use a new random epoch for each start`,
      )
    }
  }

  /**
   * No publisher repeats a value without marking it: a value with a number that was already used is probably a
   * different one.
   */
  #countDuplicates(
    { block }: Envelope,
    fresh: readonly { readonly count: number }[],
    accounts: TopicStatistics,
  ): void {
    let duplicate = valueCount(block)
    for (const { count } of fresh) duplicate -= count
    accounts.duplicate += duplicate
  }
}
