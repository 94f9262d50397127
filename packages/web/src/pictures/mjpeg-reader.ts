import type { Exchange } from '../server/exchange.ts'
import type { LivePicture } from './live-pictures.ts'
import type { PictureChoice } from './picture-choice.ts'
import { ReaderCredit } from './reader-credit.ts'
import { RetryPace } from './retry-pace.ts'
import { countUnsentBytes } from './unsent-bytes.ts'

const BOUNDARY = 'zcast-picture'
/** After this much silence the last picture is repeated for browsers. */
const REPEAT_AFTER_MS = 150
/**
 * A picture of which at most this share is missing counts as arrived: nothing reports its arrival, and the line must
 * not run dry until it is noticed.
 */
const REST_OF_A_PICTURE = 0.3
/** When pictures take less time than this, a busy machine notices their arrival so late that the line runs dry. */
const ONE_MORE_BELOW_MS = 150

interface SentPicture {
  readonly sentAtMs: number
  /** The number of bytes of the connection that must have arrived. */
  readonly end: number
}

/**
 * One reader of `multipart/x-mixed-replace`. It is sent the newest picture whenever the previous one has nearly
 * arrived; on a long path several are in flight, as many as fill it. So a reader that reads slowly, or not at all,
 * holds a picture or two here, and what it sees is as old as its own receive buffer makes it. Only Linux reports what
 * is in flight; elsewhere it is what the system has not accepted, whose send buffer can hold some seconds of a small
 * stream before a slow reader is noticed.
 *
 * The first picture is one that arrived after the request, and was not repeated for a new subscriber: a repeated one
 * may be of any age.
 *
 * Browsers are treated differently, because they show a part late: Chromium when the next part's head has come, so that
 * is sent right after each picture (without a length, which is not known yet), and WebKit one part later still, so the
 * last picture is repeated when nothing newer comes. Other readers get lengths and no repetition.
 */
export class MjpegReader {
  readonly #exchange: Exchange
  readonly #pictures: PictureChoice
  readonly #isBrowser: boolean
  /** The pictures it was sent, and those left out for it. */
  readonly credit = new ReaderCredit({ kind: 'mjpeg', oneMoreBelowMs: ONE_MORE_BELOW_MS })
  /** The pictures in flight by number, oldest first. */
  readonly #onTheirWay = new Map<number, SentPicture>()
  readonly #pace = new RetryPace()
  #repeating: NodeJS.Timeout | undefined
  #retrying: NodeJS.Timeout | undefined
  #stuck: NodeJS.Timeout | undefined
  #checking = false
  #last: LivePicture | undefined
  readonly #askedAtMs = performance.now()
  readonly #stuckAfterMs: number

  /** @param stuckAfterMs - A reader that reads nothing for this long is dropped. */
  constructor(exchange: Exchange, pictures: PictureChoice, stuckAfterMs: number) {
    const { request, response } = exchange
    this.#exchange = exchange
    this.#pictures = pictures
    this.#stuckAfterMs = stuckAfterMs
    this.#isBrowser = request.headers['user-agent']?.startsWith('Mozilla/') === true
    // Simple MJPEG readers do not understand chunks.
    response.useChunkedEncodingByDefault = false
    response.shouldKeepAlive = false
    response.writeHead(200, {
      'Content-Type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
      // A proxy that compresses, or tries to make content smaller, would delay pictures.
      'Cache-Control': 'no-store, no-transform',
    })
    if (exchange.headOnly) {
      response.end()
      return
    }
    // Silence alone is not an error: there may be no publisher yet.
    response.setTimeout(stuckAfterMs, () => {
      if (response.writableNeedDrain) response.destroy()
    })
    response.on('drain', () => void this.#sendNewest())
    // One without room is checked at its own pace, not with each picture that comes.
    const unwatch = pictures.watch(() => (this.#retrying ? this.credit.waits() : void this.#sendNewest()))
    response.once('close', () => {
      for (const timer of [this.#repeating, this.#retrying, this.#stuck]) clearTimeout(timer)
      unwatch()
    })
    response.write(
      this.#isBrowser ? `--${BOUNDARY}\r\nContent-Type: image/jpeg\r\n\r\n` : `--${BOUNDARY}\r\n`,
    )
    void this.#sendNewest()
  }

  async #sendNewest(): Promise<void> {
    const newest = this.#pictures.newest()
    if (this.#checking || newest === this.#last) return
    if (!(await this.#isReady())) return this.credit.waits()
    // A newer one may have come during the check.
    const picture = this.#pictures.newest()
    if (!picture || picture === this.#last) return
    if (!this.#last && (picture.retained || picture.receivedAtMs < this.#askedAtMs)) return
    // Each rendition has its own numbering.
    if (picture.output !== this.#last?.output) this.#onTheirWay.clear()
    this.#last = picture
    const sentAtMs = performance.now()
    this.credit.sent(picture, sentAtMs)
    this.#write(picture)
    const rest = picture.frame.data.byteLength * REST_OF_A_PICTURE
    this.#onTheirWay.set(picture.number, {
      sentAtMs,
      end: this.#exchange.request.socket.bytesWritten - rest,
    })
    if (this.#isBrowser) this.#repeatSoon(picture)
  }

  #repeatSoon(picture: LivePicture): void {
    clearTimeout(this.#repeating)
    this.#repeating = setTimeout(() => void this.#repeat(picture), REPEAT_AFTER_MS).unref()
  }

  async #repeat(picture: LivePicture): Promise<void> {
    if (this.#checking) return
    const isReady = await this.#isReady()
    if (this.#exchange.response.destroyed) return
    // A picture that came during the check was skipped in favour of this one.
    if (this.#pictures.newest() !== this.#last) await this.#sendNewest()
    // A repetition must not delay the next picture.
    else if (!isReady || this.credit.inFlight > 0) this.#repeatSoon(picture)
    else if (picture === this.#last) this.#write(picture)
  }

  async #isReady(): Promise<boolean> {
    const { response } = this.#exchange
    if (response.writableNeedDrain || response.destroyed) return false
    if (this.credit.inFlight === 0) return true
    this.#checking = true
    const unsent = await this.#acknowledge()
    this.#checking = false
    if (response.destroyed) return false
    if (!this.credit.hasRoom) {
      this.#wait(unsent)
      return false
    }
    clearTimeout(this.#stuck)
    this.#stuck = undefined
    return !response.writableNeedDrain
  }

  /** Checks which pictures have arrived. @returns The number of bytes that have not. */
  async #acknowledge(): Promise<number> {
    const { socket } = this.#exchange.request
    const written = socket.bytesWritten - socket.writableLength
    const unsent = (await countUnsentBytes(socket)) ?? 0
    const nowMs = performance.now()
    for (const [number, { end, sentAtMs }] of this.#onTheirWay) {
      if (end > written - unsent) break
      this.credit.acknowledged(number, nowMs)
      this.#onTheirWay.delete(number)
      this.#pace.arrived(nowMs - sentAtMs)
    }
    return unsent
  }

  /** Checks again later, until a reader that reads nothing at all has had its time. */
  #wait(unsent: number): void {
    const { pauseMs, hasMoved } = this.#pace.waits(unsent)
    clearTimeout(this.#retrying)
    this.#retrying = setTimeout(() => {
      this.#retrying = undefined
      void this.#sendNewest()
    }, pauseMs).unref()
    this.#stuck ??= setTimeout(() => this.#exchange.response.destroy(), this.#stuckAfterMs).unref()
    if (hasMoved) this.#stuck.refresh()
  }

  #write({ frame }: LivePicture): void {
    const { response } = this.#exchange
    response.cork()
    if (!this.#isBrowser) {
      const size = `Content-Type: image/jpeg\r\nContent-Length: ${frame.data.byteLength}`
      response.write(`${size}\r\nX-Timestamp: ${frame.time.toFixed(6)}\r\n\r\n`)
    }
    response.write(frame.data)
    response.write(`\r\n--${BOUNDARY}\r\n${this.#isBrowser ? 'Content-Type: image/jpeg\r\n\r\n' : ''}`)
    response.uncork()
  }
}
