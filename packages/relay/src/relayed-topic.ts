import type { ForwardTopic } from '@zcast/publisher'
import {
  KINDS,
  type Block,
  type BlockKind,
  sliceValues,
  type TopicOffer,
  type TopicStatistics,
  valueCount,
} from '@zcast/shared'
import { envelopeBytes } from '@zcast/shared/internal'
import type { RateLimit } from './max-rate.ts'
import type { CarriedEnvelope } from './relay-codec.ts'

/**
 * A picture is handed over within some milliseconds, whatever those below do; on a busy machine a few come in one turn
 * of the event loop.
 */
const MAX_WAITING_PICTURES = 4

/** The parts of its relay that a {@link RelayedTopic} needs. */
export interface RelayedTopicOptions {
  readonly kind: BlockKind
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
  /** Values handed to subscribers. */
  sent = 0
  /** Values left out by the relay itself, because the topic has a largest rate. */
  thinned = 0
  /** Values left out because earlier ones had not been sent. */
  dropped = 0
  /** Values left out right before the next one, or told to be. */
  #withheld = 0
  /** The newest pictures, while another one is being sent. */
  readonly #waiting: CarriedEnvelope[] = []
  #isSending = false
  #unwatchedAtMs: number | undefined = performance.now()

  constructor(options: RelayedTopicOptions) {
    this.#options = options
    this.accounts = options.accounts
    this.#isNewestFirst = KINDS[options.kind].isNewestFirst
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
    const values = valueCount(block)
    const ranges = this.accounts.sequence.accept(epoch as number, seq, values, isSentAgain, withheld)
    // Mostly all of it is new.
    if (ranges.length === 1 && ranges[0]?.count === values) return this.#thin(envelope, block, withheld)
    if (!isSentAgain) this.#countDuplicates(values, ranges)
    for (const [index, { start, count }] of ranges.entries())
      this.#thin(envelope, sliceValues(block, start - seq, count), index === 0 ? withheld : 0)
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

  #setWatched(isWatched: boolean): void {
    const nowMs = performance.now()
    if (isWatched && this.#unwatchedAtMs !== undefined) {
      this.accounts.sequence.rejoin(nowMs - this.#unwatchedAtMs)
      this.#unwatchedAtMs = undefined
    } else if (!isWatched) {
      this.#unwatchedAtMs = nowMs
      this.#withheld = 0
      // It grows old while nothing comes: who joins later gets the newest from above.
      this.#forward?.forget()
    }
    this.#options.onWatched(isWatched)
  }

  /** @param withheld - The values that were left out above right before these. */
  #thin(envelope: CarriedEnvelope, block: Block, withheld: number): void {
    const { retained } = envelope
    const values = valueCount(block)
    const { limit } = this.#options
    const passed = limit && !retained ? limit.take(values, performance.now()) : values
    this.thinned += values - passed
    if (passed === 0) {
      this.#withheld += withheld + values
      return
    }
    const part = sliceValues(block, values - passed, passed)
    const before = values - passed + withheld + (retained ? 0 : this.#withheld)
    if (!retained) this.#withheld = 0
    this.#send({ ...envelope, block: part, lanes: undefined, withheld: before })
  }

  #send(envelope: CarriedEnvelope): void {
    if (!this.#isNewestFirst) return this.#hand(envelope)
    if (!this.#isSending) return this.#handNewest(envelope)
    this.#waiting.push(envelope)
    if (this.#waiting.length <= MAX_WAITING_PICTURES) return
    this.#waiting.shift()
    this.dropped += 1
  }

  #handNewest(envelope: CarriedEnvelope): void {
    this.#isSending = true
    this.#hand(envelope, () => {
      this.#isSending = false
      const next = this.#waiting.shift()
      if (next) this.#handNewest(next)
    })
  }

  #hand(envelope: CarriedEnvelope, then?: () => void): void {
    const bytes = envelopeBytes(envelope)
    const values = valueCount(envelope.block)
    this.#options.onWaiting(bytes)
    const settle = (isSent: boolean): void => {
      if (isSent) this.sent += values
      // Its publisher has said why: too much is waiting, or everything is closed.
      else this.dropped += values
      this.#options.onWaiting(-bytes)
      then?.()
    }
    const sending = this.#forward?.send(envelope) ?? this.#goOn().then((forward) => forward.send(envelope))
    sending.then(
      () => settle(true),
      () => settle(false),
    )
  }
}
