import { setTimeout as delay } from 'node:timers/promises'
import type * as zmq from 'zeromq'
import { MAX_TOPIC_BYTES } from '../topic.ts'
import { ZeromqDemandProof } from './zeromq-demand-proof.ts'

/** The largest number of different subscriptions of all peers together. */
const MAX_PREFIXES = 5000

/**
 * The largest total of their bytes. ZeroMQ keeps each byte in a node of some 40 bytes, and one subscription may have 1
 * KiB.
 */
const MAX_PREFIX_BYTES = MAX_PREFIXES * MAX_TOPIC_BYTES

/**
 * Subscriptions sent before peers were cut off are still reported (50,000 at once, measured): this many are remembered.
 */
const MAX_REMEMBERED = 2 * MAX_PREFIXES

/**
 * After this time since all peers were cut off, their subscriptions have ended and the allowed ones have reconnected.
 */
const SETTLED_AFTER_MS = 2000

/** A subscription to everything. */
const EVERYTHING = ''

/** The listeners to a socket's subscriptions. */
export interface SubscriptionsListener {
  /** Called for each subscription (`true`), and for the end of the last one to its prefix. */
  readonly onChange: (prefix: string, subscribed: boolean) => void
  /** Called when there are too many; all peers must be cut off. */
  readonly onTooMany: () => Promise<void>
  /** Called when a peer has ended a subscription that only others have. */
  readonly onFalseEnd: () => void
}

/**
 * The subscriptions of a publishing socket's peers. ZeroMQ reports each subscription, and the end of the last one to
 * its prefix; but any peer can make it report an end, so none counts before it is proved.
 */
export class ZeromqSubscriptions {
  readonly #listener: SubscriptionsListener
  readonly #proof: ZeromqDemandProof
  readonly #prefixes = new Set<string>()
  #bytes = 0
  /** Subscriptions whose end was reported and that nobody has started since: either they are gone, or a peer lied. */
  readonly #ended = new Set<string>()
  #isCutting = false
  /**
   * True when some could not be remembered: everything counts as subscribed until all peers have been cut off once
   * more.
   */
  #isOverflowing = false
  #hasMissed = false

  /** @param socket - One that reports each subscription (`allSubs`), before anything is bound. */
  constructor(socket: zmq.XPublisher, listener: SubscriptionsListener) {
    this.#listener = listener
    this.#proof = new ZeromqDemandProof(socket, (prefix, isEnded) => this.#prove(prefix, isEnded))
  }

  /** Takes a part that a peer has sent. @returns True when it was a subscription or the end of one. */
  take(part: Buffer): boolean {
    if (this.#proof.take(part)) return true
    // Only 0 and 1 have a meaning (ZMTP 3, RFC 37); XPUB passes on anything else a peer sends.
    if (part[0] !== 0 && part[0] !== 1) return false
    const prefix = part.toString('latin1', 1)
    if (part[0] === 1) this.#begin(prefix)
    else if (this.#prefixes.has(prefix)) {
      this.#ended.add(prefix)
      this.#proof.ask(prefix)
    } else if (!this.#isOverflowing) this.#listener.onFalseEnd()
    return true
  }

  /** Stops asking. */
  close(): void {
    this.#proof.close()
  }

  #begin(prefix: string): void {
    this.#ended.delete(prefix)
    if (!this.#prefixes.has(prefix) && !this.#remember(prefix)) return
    // No topic is longer, so a longer prefix cannot match any.
    if (prefix.length <= MAX_TOPIC_BYTES) this.#listener.onChange(prefix, true)
  }

  #remember(prefix: string): boolean {
    if (this.#isFull) {
      this.#hasMissed = true
      if (!this.#isOverflowing) this.#listener.onChange(EVERYTHING, true)
      this.#isOverflowing = true
      return false
    }
    this.#prefixes.add(prefix)
    this.#bytes += prefix.length
    if (this.#isTooMuch && !this.#isCutting) void this.#cutOff()
    return true
  }

  #prove(prefix: string, isEnded: boolean): void {
    const wasTold = this.#ended.delete(prefix)
    if (!isEnded) {
      if (wasTold) this.#listener.onFalseEnd()
      return
    }
    if (!this.#prefixes.delete(prefix)) return
    this.#bytes -= prefix.length
    if (prefix === EVERYTHING && this.#isOverflowing) return
    if (prefix.length <= MAX_TOPIC_BYTES) this.#listener.onChange(prefix, false)
  }

  get #isTooMuch(): boolean {
    return this.#prefixes.size > MAX_PREFIXES || this.#bytes > MAX_PREFIX_BYTES
  }

  get #isFull(): boolean {
    return this.#prefixes.size >= MAX_REMEMBERED || this.#bytes >= 2 * MAX_PREFIX_BYTES
  }

  async #cutOff(): Promise<void> {
    this.#isCutting = true
    do {
      await this.#listener.onTooMany()
      this.#hasMissed = false
      await delay(SETTLED_AFTER_MS, undefined, { ref: false })
    } while (this.#hasMissed || this.#isTooMuch)
    this.#isCutting = false
    if (!this.#isOverflowing) return
    this.#isOverflowing = false
    if (!this.#prefixes.has(EVERYTHING)) this.#listener.onChange(EVERYTHING, false)
  }
}
