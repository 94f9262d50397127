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
import { PictureQueue } from './picture-queue.ts'
import type { CarriedEnvelope } from './relay-codec.ts'
import { RowQueue } from './row-queue.ts'
import type { WaitingPictures } from './waiting-pictures.ts'

/** The parts of its relay that a {@link RelayedTopic} needs. */
export interface RelayedTopicOptions {
  readonly kind: BlockKind
  /** True when those below read the format of another program, which expects a row of numbers a message. */
  readonly isOtherFormat: boolean
  /** Those that wait, of all topics. */
  readonly pictures: WaitingPictures
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
  /** What pictures, or blocks that are taken apart, wait in; otherwise they are handed over at once. */
  readonly #queue: PictureQueue | RowQueue | undefined
  /** Values handed to subscribers. */
  sent = 0
  /** Values left out by the relay itself: the topic has a largest rate, or newer pictures came at once. */
  leftOut = 0
  /** Values that could not be sent. */
  dropped = 0
  /** Values left out right before the next one, or told to be. */
  #withheld = 0
  /** True while no value is kept for those who join late. */
  #isForgotten = true
  #unwatchedAtMs: number | undefined = performance.now()

  constructor(options: RelayedTopicOptions) {
    this.#options = options
    this.accounts = options.accounts
    this.#queue = this.#openQueue()
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

  #openQueue(): PictureQueue | RowQueue | undefined {
    const { isOtherFormat, kind, log, onWaiting, pictures } = this.#options
    if (KINDS[kind].isNewestFirst)
      return new PictureQueue({
        isOtherFormat,
        pictures,
        hand: (picture) => this.#deliver(picture),
        onLeftOut: () => (this.leftOut += 1),
      })
    if (!isOtherFormat) return undefined
    return new RowQueue({
      log,
      hand: (row) => this.#hand(row),
      onDropped: (rows) => (this.dropped += rows),
      onWaiting,
    })
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
    if (this.#queue) this.#queue.add(envelope)
    else void this.#hand(envelope)
  }

  async #hand(received: CarriedEnvelope, values?: number): Promise<boolean> {
    const bytes = envelopeBytes(received)
    this.#options.onWaiting(bytes)
    const isSent = await this.#deliver(received, values)
    this.#options.onWaiting(-bytes)
    return isSent
  }

  /**
   * @param values - Counted as sent.
   * @returns False when it could not be sent.
   */
  async #deliver(received: CarriedEnvelope, values = valueCount(received.block)): Promise<boolean> {
    try {
      const envelope = received.complete ? await this.#complete(received) : received
      const forward = this.#forward ?? (await this.#goOn())
      await forward.send(envelope)
      this.sent += values
      this.#isForgotten = false
      // It was on its way when nobody wanted it any more.
      if (this.#unwatchedAtMs !== undefined) this.#forget()
      return true
    } catch {
      // It has been said why: too much is waiting, or everything is closed.
      this.dropped += values
      return false
    }
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
