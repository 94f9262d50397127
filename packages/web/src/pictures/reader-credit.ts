import type { NetworkReading } from '@zcast/shared'
import { CreditWindow } from '@zcast/shared/internal'
import type { LivePicture } from './live-pictures.ts'
import { ReaderRates } from './reader-rates.ts'

/**
 * The way in which pictures are sent to a reader: to a page by WebSocket (or by the requests that replace it), or as
 * MJPEG.
 */
export type ReaderKind = 'websocket' | 'mjpeg'

/**
 * The status of one reader. In each run without a pause `last - first + 1 = sent + withheld`, by the pictures' numbers.
 */
export interface ReaderReport {
  readonly kind: ReaderKind
  /** The stream that it was last sent; `null` before the first picture. */
  readonly topic: string | null
  /** Pictures sent to it, each counted once. */
  readonly sent: number
  /** Pictures that came meanwhile and were left out for it, because earlier ones were still in flight. */
  readonly withheld: number
  /**
   * Pictures per second that are available for it and that reach it, over three seconds, while fewer reach it;
   * otherwise `null`.
   */
  readonly network: NetworkReading | null
}

/** The limits of a {@link ReaderCredit}. */
export interface ReaderCreditOptions {
  readonly kind: ReaderKind
  /** The largest number of pictures in flight. Default `Infinity`. */
  readonly most?: number | undefined
  /**
   * While pictures arrive faster than this, in milliseconds, one more may be in flight: for a reader whose arrivals are
   * noticed only some time later. Default 0.
   */
  readonly oneMoreBelowMs?: number | undefined
}

/**
 * The pictures in flight to one reader, and those left out for it. A picture is sent once there is room for it: once
 * enough of the previous ones have arrived that it does not wait for them on the way, and grow old.
 */
export class ReaderCredit {
  readonly #kind: ReaderKind
  readonly #most: number
  readonly #oneMoreBelowMs: number
  #roundTripMs = Number.POSITIVE_INFINITY
  readonly #window = new CreditWindow()
  readonly #rates = new ReaderRates()
  /** The arrival and send time of each picture in flight, by number, oldest first. */
  readonly #inFlight = new Map<number, { readonly cameAtMs: number; readonly sentAtMs: number }>()
  #topic: string | undefined
  /** The rendition that it was last sent, which has its own numbering. */
  #output: string | undefined
  /** The number of the last one sent; `undefined` when the next does not follow it. */
  #last: number | undefined
  #isShort = false
  #sent = 0
  #withheld = 0

  constructor({ kind, most = Number.POSITIVE_INFINITY, oneMoreBelowMs = 0 }: ReaderCreditOptions) {
    this.#kind = kind
    this.#most = most
    this.#oneMoreBelowMs = oneMoreBelowMs
  }

  /** The number of pictures in flight. */
  get inFlight(): number {
    return this.#inFlight.size
  }

  /** True when one more may be sent. */
  get hasRoom(): boolean {
    const more = this.#roundTripMs < this.#oneMoreBelowMs ? 1 : 0
    return this.#inFlight.size < Math.min(this.#most, this.#window.size + more)
  }

  /** Notes that a picture has to wait: with more room it would have been sent. */
  waits(): void {
    this.#isShort = true
  }

  /** Notes that a picture is sent. */
  sent({ topic, output, number, receivedAtMs }: LivePicture, nowMs: number): void {
    const isOther = topic !== this.#topic || output !== this.#output
    if (isOther || (this.#last !== undefined && number <= this.#last)) this.rest()
    this.#topic = topic
    this.#output = output
    this.#sent += 1
    if (this.#last !== undefined) this.#withheld += number - this.#last - 1
    this.#last = number
    this.#inFlight.set(number, { cameAtMs: receivedAtMs, sentAtMs: nowMs })
  }

  /**
   * Notes that a picture has arrived, and all before it; by default the oldest one. One that is not in flight is
   * ignored.
   */
  acknowledged(number = this.#oldest, nowMs: number): void {
    const picture = number === undefined ? undefined : this.#inFlight.get(number)
    if (number === undefined || picture === undefined) return
    const { cameAtMs, sentAtMs } = picture
    this.#roundTripMs = Math.max(nowMs - sentAtMs, 0.1)
    this.#window.acknowledged(this.#roundTripMs, this.#isShort, nowMs)
    this.#isShort = false
    this.#rates.arrived({ number, cameAtMs }, nowMs)
    for (const earlier of this.#inFlight.keys()) if (earlier <= number) this.#inFlight.delete(earlier)
  }

  /**
   * Notes that the reader wants nothing for a while: pictures that come meanwhile are not counted as left out, and late
   * arrivals mean nothing.
   */
  rest(): void {
    this.#inFlight.clear()
    this.#rates.restart()
    this.#last = undefined
    this.#isShort = false
  }

  /** Pictures per second that are available, and that reach it; `undefined` while too little is known. */
  get rates(): NetworkReading | undefined {
    return this.#rates.rates
  }

  /** The reader's current status. */
  report(): ReaderReport {
    return {
      kind: this.#kind,
      topic: this.#topic ?? null,
      sent: this.#sent,
      withheld: this.#withheld,
      network: this.#rates.reading ?? null,
    }
  }

  get #oldest(): number | undefined {
    return this.#inFlight.keys().next().value
  }
}
