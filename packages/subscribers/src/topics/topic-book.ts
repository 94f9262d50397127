import type { Message, TopicOffer } from '@zcast/shared'
import { type Arrival, TopicAccount } from './topic-account.ts'
import type { Sighting, SightReader } from './sighting.ts'

/** Topics that have an account; messages of further ones are counted together. */
export const MAX_ACCOUNTS = 256

/** The accounts of everything that comes from one endpoint. */
export class TopicBook {
  readonly #accounts = new Map<string, TopicAccount>()
  readonly #endpoint: string
  readonly #reader: SightReader
  readonly #windowMs: number
  readonly #sliceMs: number | undefined
  /** Messages of topics beyond the limit. */
  others = 0
  /** Messages that are of no topic, or break their format. */
  unread = 0
  #newest: TopicAccount | undefined

  /** @param sliceMs - See {@link AccountWindow}. */
  constructor(endpoint: string, reader: SightReader, windowMs: number, sliceMs?: number) {
    this.#endpoint = endpoint
    this.#reader = reader
    this.#windowMs = windowMs
    this.#sliceMs = sliceMs
  }

  get accounts(): ReadonlyMap<string, TopicAccount> {
    return this.#accounts
  }

  /**
   * Counts a message.
   *
   * @param wants - Says whether a topic was asked for: sockets let more through.
   * @returns What it is, when it was counted.
   */
  take(message: Message, arrival: Arrival, wants: (sighting: Sighting) => boolean): Sighting | undefined {
    const sighting = this.#reader.sight(message)
    if (!sighting) {
      this.unread += 1
      return undefined
    }
    if (!wants(sighting)) return undefined
    return this.count(message, sighting, arrival) && sighting
  }

  /** Counts a message that was read elsewhere. @returns Its account, unless there are too many. */
  count(message: Message, sighting: Sighting, arrival: Arrival): TopicAccount | undefined {
    const account = this.#account(sighting.topic)
    if (!account) {
      this.others += 1
      return undefined
    }
    account.take(sighting, arrival)
    if (account.isLookDue(arrival.atMs))
      account.looked(this.#reader.look(message), sighting.epoch, arrival.atMs)
    return account
  }

  /** Notes what a publisher says of a topic. */
  offer(offer: TopicOffer): void {
    const account = this.#account(offer.topic)
    if (!account) return
    account.offer = offer
    account.offeredAtMs = performance.now()
  }

  #account(topic: string): TopicAccount | undefined {
    if (this.#newest?.topic === topic) return this.#newest
    let account = this.#accounts.get(topic)
    if (!account && this.#accounts.size < MAX_ACCOUNTS) {
      account = new TopicAccount(topic, this.#endpoint, this.#windowMs, this.#sliceMs)
      this.#accounts.set(topic, account)
    }
    this.#newest = account ?? this.#newest
    return account
  }
}
