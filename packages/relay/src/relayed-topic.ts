import type { ForwardTopic } from '@zcast/publisher'
import {
  KINDS,
  type BlockKind,
  type Envelope,
  type Log,
  sliceValues,
  type TopicOffer,
  type TopicStatistics,
  valueCount,
} from '@zcast/shared'
import { envelopeBytes, errorMessage } from '@zcast/shared/internal'
import type { RateLimit } from './max-rate.ts'
import type { CarriedEnvelope } from './relay-codec.ts'
import { RowQueue } from './row-queue.ts'

/**
 * A picture is handed over within some milliseconds, whatever those below do; on a busy machine a few come in one turn
 * of the event loop.
 */
const MAX_WAITING_PICTURES = 4

/** The parts of its relay that a {@link RelayedTopic} needs. */
export interface RelayedTopicOptions {
  readonly kind: BlockKind
  /** True when those below expect a row of numbers a message. */
  readonly isRowByRow: boolean
  readonly log: Log | undefined
  readonly accounts: TopicStatistics
  /** Starts the topic below. */
  readonly open: (onWatched: (isWatched: boolean) => void) => ForwardTopic
  readonly limit: RateLimit | undefined
  /** Called when somebody begins to want this topic, and when nobody does any more. */
  readonly onWatched: (isWatched: boolean) => void
  /** Called with the change of the bytes that wait to be sent. */
  readonly onWaiting: (bytes: number) => void
}

/** A topic on its way through a relay: what came is counted, thinned where that is asked for, and sent on. */
export class RelayedTopic {
  readonly accounts: TopicStatistics
  readonly #options: RelayedTopicOptions
  /** The topic below, while it goes on. */
  #forward: ForwardTopic | undefined
  /** Settles when its name is free again. */
  #ending: Promise<void> | undefined
  #offer: TopicOffer | undefined
  readonly #isNewestFirst: boolean
  /** Takes blocks apart for those below that expect a row a message. */
  readonly #rows: RowQueue | undefined
  /** Values handed to subscribers. */
  sent = 0
  /** Values left out by the relay itself: the topic has a largest rate, or newer pictures came at once. */
  leftOut = 0
  /** Values that could not be sent. */
  dropped = 0
  /** Values left out right before the next one, or told to be. */
  #withheld = 0
  /** The newest pictures, while another one is being sent. */
  readonly #waiting: CarriedEnvelope[] = []
  #isSending = false
  /** True while no value is kept for those who join late. */
  #isForgotten = true
  #unwatchedAtMs: number | undefined = performance.now()

  constructor(options: RelayedTopicOptions) {
    this.#options = options
    this.accounts = options.accounts
    this.#isNewestFirst = KINDS[options.kind].isNewestFirst
    const { isRowByRow, log, onWaiting } = options
    this.#rows = isRowByRow
      ? new RowQueue({
          log,
          hand: (row) => this.#hand(row),
          onDropped: (rows) => (this.dropped += rows),
          onWaiting,
        })
      : undefined
    this.#begin()
  }

  /** Tells subscribers that ask what the publisher says of the topic. */
  announce(offer: TopicOffer): void {
    this.#offer = offer
    if (this.#forward) this.#forward.announce(offer)
    // Nothing begins any more once everything is closed.
    else this.#goOn().catch(() => undefined)
  }

  /**
   * Takes what came, of which any number may have come before.
   *
   * @param isSentAgain - True when that would be no wonder: it is marked as retained, or came on a lane.
   */
  take(envelope: CarriedEnvelope, isSentAgain: boolean): void {
    const { epoch, block, withheld = 0 } = envelope
    const seq = block.seq as number
    const ranges = this.accounts.sequence.accept(
      epoch as number,
      seq,
      valueCount(block),
      isSentAgain,
      withheld,
    )
    if (!isSentAgain) this.#countDuplicates(valueCount(block), ranges)
    // It has come before, but those who join now have not had it.
    if (ranges.length === 0 && envelope.retained && this.#isForgotten) void this.#hand(envelope, 0)
    for (const [index, { start, count }] of ranges.entries()) {
      const part = sliceValues(block, start - seq, count)
      this.#thin({ ...envelope, block: part, lanes: undefined, withheld: index === 0 ? withheld : 0 })
    }
  }

  /** Ends the topic below until more comes; its counts stay. */
  end(): void {
    const forward = this.#forward
    if (!forward) return
    this.#forward = undefined
    this.#offer = undefined
    this.#ending = forward.close().catch(() => undefined)
    this.#setWatched(false)
  }

  #begin(): ForwardTopic {
    const forward = this.#options.open((isWatched) => this.#setWatched(isWatched))
    this.#forward = forward
    if (this.#offer) forward.announce(this.#offer)
    return forward
  }

  async #goOn(): Promise<ForwardTopic> {
    await this.#ending
    return this.#forward ?? this.#begin()
  }

  #countDuplicates(values: number, fresh: readonly { readonly count: number }[]): void {
    this.accounts.duplicate += fresh.reduce((left, { count }) => left - count, values)
  }

  /** The newest value grows old while nothing comes: who joins later gets the newest from above. */
  #forget(): void {
    this.#isForgotten = true
    this.#forward?.forget()
  }

  #setWatched(isWatched: boolean): void {
    const nowMs = performance.now()
    if (isWatched && this.#unwatchedAtMs !== undefined) {
      this.accounts.sequence.rejoin(nowMs - this.#unwatchedAtMs)
      this.#unwatchedAtMs = undefined
    } else if (!isWatched) {
      this.#unwatchedAtMs = nowMs
      this.#withheld = 0
      this.#forget()
    }
    this.#options.onWatched(isWatched)
  }

  #thin(envelope: CarriedEnvelope): void {
    const { block, retained, withheld = 0 } = envelope
    const values = valueCount(block)
    const { limit } = this.#options
    const passed = limit && !retained ? limit.take(values, performance.now()) : values
    this.leftOut += values - passed
    if (passed === 0) {
      this.#withheld += withheld + values
      return
    }
    const part = sliceValues(block, values - passed, passed)
    const before = values === passed ? withheld : values - passed + withheld
    this.#send({ ...envelope, block: part, withheld: before + (retained ? 0 : this.#withheld) })
    if (!retained) this.#withheld = 0
  }

  #send(envelope: CarriedEnvelope): void {
    if (!this.#isNewestFirst) {
      if (this.#rows) this.#rows.add(envelope)
      else void this.#hand(envelope)
      return
    }
    if (this.#isSending) {
      this.#waiting.push(envelope)
      if (this.#waiting.length > MAX_WAITING_PICTURES) this.#leaveOutOldest()
    } else void this.#handNewest(envelope)
  }

  /** Those below are told that it was left out for newer ones, so that it does not count as lost. */
  #leaveOutOldest(): void {
    const [oldest, next] = this.#waiting.splice(0, 2) as [CarriedEnvelope, CarriedEnvelope]
    this.leftOut += 1
    this.#waiting.unshift({ ...next, withheld: (oldest.withheld ?? 0) + 1 + (next.withheld ?? 0) })
  }

  async #handNewest(first: CarriedEnvelope): Promise<void> {
    this.#isSending = true
    for (let envelope: CarriedEnvelope | undefined = first; envelope; envelope = this.#waiting.shift())
      await this.#hand(envelope)
    this.#isSending = false
  }

  /**
   * @param values - Counted as sent.
   * @returns False when it could not be sent.
   */
  async #hand(received: CarriedEnvelope, values = valueCount(received.block)): Promise<boolean> {
    const bytes = envelopeBytes(received)
    let isSent = true
    this.#options.onWaiting(bytes)
    try {
      const envelope = received.complete ? await this.#complete(received) : received
      const forward = this.#forward ?? (await this.#goOn())
      await forward.send(envelope)
      this.sent += values
      this.#isForgotten = false
      // It was on its way when nobody wanted it any more.
      if (this.#unwatchedAtMs !== undefined) this.#forget()
    } catch {
      // It has been said why: too much is waiting, or everything is closed.
      this.dropped += values
      isSent = false
    }
    this.#options.onWaiting(-bytes)
    return isSent
  }

  async #complete(received: CarriedEnvelope): Promise<Envelope> {
    try {
      return (await received.complete?.(received)) ?? received
    } catch (error) {
      const { topic } = received
      this.#options.log?.error(
        `a picture of ${topic} is not handed on: ${errorMessage(error)}`,
        undefined,
        `complete ${topic}`,
      )
      throw error
    }
  }
}
