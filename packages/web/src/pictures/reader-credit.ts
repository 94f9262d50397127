import type { NetworkReading } from '@zcast/shared'
import { CreditWindow } from '@zcast/shared/internal'
import type { LivePicture } from './live-pictures.ts'
import { ReaderRates } from './reader-rates.ts'

/** How pictures go to a reader: to a page by WebSocket (or by the requests that take its place), or as MJPEG. */
export type ReaderKind = 'websocket' | 'mjpeg'

/** How one reader is doing. In each run without a pause `last - first + 1 = sent + withheld`, by the pictures' numbers. */
export interface ReaderReport {
  readonly kind: ReaderKind
  /** The stream that it was sent last; `null` before the first picture. */
  readonly topic: string | null
  /** Pictures sent to it, each counted once. */
  readonly sent: number
  /** Pictures that came meanwhile and were left out for it, because earlier ones were still on their way. */
  readonly withheld: number
  /** Pictures a second that there are for it and that reach it, over three seconds, while the latter are fewer; `null` else. */
  readonly network: NetworkReading | null
}

/** What bounds a {@link ReaderCredit}. */
export interface ReaderCreditOptions {
  readonly kind: ReaderKind
  /** Pictures that may be on their way at the most. Default `Infinity`. */
  readonly most?: number | undefined
  /**
   * While pictures arrive sooner than this, in milliseconds, one more may be on its way: for a reader whose pictures are seen
   * to have arrived some time later only. Default 0.
   */
  readonly oneMoreBelowMs?: number | undefined
}

/**
 * What is on its way to one reader, and what was left out for it. A picture is sent once there is room for it: once so many
 * of those before have arrived that it does not wait for them on the way, and grow old.
 */
export class ReaderCredit {
  readonly #kind: ReaderKind
  readonly #most: number
  readonly #oneMoreBelowMs: number
  #roundTripMs = Number.POSITIVE_INFINITY
  readonly #window = new CreditWindow()
  readonly #rates = new ReaderRates()
  /** When each picture on its way came and was sent, by number, the oldest first. */
  readonly #inFlight = new Map<number, { readonly cameAtMs: number; readonly sentAtMs: number }>()
  #topic: string | undefined
  /** The rendition that it was sent last, whose numbers are its own. */
  #output: string | undefined
  /** The number of the last one sent; `undefined` where the next does not follow it. */
  #last: number | undefined
  #isShort = false
  #sent = 0
  #withheld = 0

  constructor({ kind, most = Number.POSITIVE_INFINITY, oneMoreBelowMs = 0 }: ReaderCreditOptions) {
    this.#kind = kind
    this.#most = most
    this.#oneMoreBelowMs = oneMoreBelowMs
  }

  /** Pictures on their way. */
  get inFlight(): number {
    return this.#inFlight.size
  }

  /** Whether one more may be sent. */
  get hasRoom(): boolean {
    const more = this.#roundTripMs < this.#oneMoreBelowMs ? 1 : 0
    return this.#inFlight.size < Math.min(this.#most, this.#window.size + more)
  }

  /** A picture has to wait: with more room it would have been sent. */
  waits(): void {
    this.#isShort = true
  }

  /** A picture is sent. */
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

  /** A picture has arrived, and all before it; the oldest where none is named. One that is not on its way is ignored. */
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

  /** The reader wants nothing for a while: what comes meanwhile is not left out, and what arrives late tells nothing. */
  rest(): void {
    this.#inFlight.clear()
    this.#rates.restart()
    this.#last = undefined
    this.#isShort = false
  }

  /** Pictures a second that there are of what it is sent, and that reach it; `undefined` while too little is known. */
  get rates(): NetworkReading | undefined {
    return this.#rates.rates
  }

  /** How the reader is doing now. */
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
