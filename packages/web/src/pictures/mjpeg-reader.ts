import type { Exchange } from '../server/exchange.ts'
import type { LivePicture, PictureFeed } from './live-pictures.ts'
import { countUnsentBytes } from './unsent-bytes.ts'

const BOUNDARY = 'zcast-picture'
/** After this much silence the last picture is repeated for browsers. */
const REPEAT_AFTER_MS = 150
/** A reader that was behind is looked at again after this, should no further picture come. */
const RETRY_AFTER_MS = 50
/** The heads around a picture. */
const OVERHEAD_BYTES = 4096

/** What an {@link MjpegReader} is told. */
export interface MjpegReaderOptions {
  /** The stream; the first one seen where none is named. */
  readonly topic: string | undefined
  /** A reader that takes nothing for this long is dropped. */
  readonly stuckAfterMs: number
}

/**
 * One reader of `multipart/x-mixed-replace`. It is sent the newest picture whenever no more than the one before is on
 * its way, so one that reads slowly, or not at all, holds one picture here, and what it sees is as old as its own
 * receive buffer makes it. Only Linux tells what is on its way; elsewhere it is what the system has not taken, whose
 * send buffer can hold some seconds of a small stream before a slow reader is felt.
 *
 * The first picture is one that came after the request, and not for the sake of who has just joined: an older one may
 * be of any age.
 *
 * Browsers are treated apart, because they show a part late: Chromium when the next part's head has come, so that is
 * sent right behind each picture (without a length, then: nobody knows it yet), and WebKit one part later still, so
 * the last picture is repeated when nothing newer comes. Everybody else gets lengths and no repetition.
 */
export class MjpegReader {
  readonly #exchange: Exchange
  readonly #pictures: PictureFeed
  readonly #topic: string | undefined
  readonly #isBrowser: boolean
  #repeating: NodeJS.Timeout | undefined
  #retrying: NodeJS.Timeout | undefined
  #stuck: NodeJS.Timeout | undefined
  #stuckAtBytes = 0
  #checking = false
  #last: LivePicture | undefined
  readonly #askedAtMs = performance.now()
  #sent = 0
  readonly #stuckAfterMs: number

  constructor(exchange: Exchange, pictures: PictureFeed, options: MjpegReaderOptions) {
    const { request, response } = exchange
    this.#exchange = exchange
    this.#pictures = pictures
    this.#topic = options.topic
    this.#stuckAfterMs = options.stuckAfterMs
    this.#isBrowser = request.headers['user-agent']?.startsWith('Mozilla/') === true
    // Plain readers of MJPEG know nothing of chunks.
    response.useChunkedEncodingByDefault = false
    response.shouldKeepAlive = false
    response.writeHead(200, {
      'Content-Type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
      // A proxy that compresses, or looks for what it could make smaller, would hold pictures back.
      'Cache-Control': 'no-store, no-transform',
    })
    if (exchange.headOnly) {
      response.end()
      return
    }
    // Silence alone is no fault: there may be no publisher yet.
    response.setTimeout(options.stuckAfterMs, () => {
      if (response.writableNeedDrain) response.destroy()
    })
    response.on('drain', () => void this.#sendNewest())
    const unwatch = pictures.watch(options.topic, () => void this.#sendNewest())
    response.once('close', () => {
      for (const timer of [this.#repeating, this.#retrying, this.#stuck]) clearTimeout(timer)
      unwatch()
    })
    response.write(
      this.#isBrowser ? `--${BOUNDARY}\r\nContent-Type: image/jpeg\r\n\r\n` : `--${BOUNDARY}\r\n`,
    )
    void this.#sendNewest()
  }

  /** Pictures sent so far, repetitions apart. */
  get sent(): number {
    return this.#sent
  }

  async #sendNewest(): Promise<void> {
    if (this.#checking || this.#pictures.newest(this.#topic) === this.#last) return
    if (!(await this.#isReady())) return
    // A newer one may have come while that was found out.
    const picture = this.#pictures.newest(this.#topic)
    if (!picture || picture === this.#last) return
    if (!this.#last && (picture.retained || picture.receivedAtMs < this.#askedAtMs)) return
    this.#last = picture
    this.#sent += 1
    this.#write(picture)
    if (!this.#isBrowser) return
    clearTimeout(this.#repeating)
    this.#repeating = setTimeout(() => void this.#repeat(picture), REPEAT_AFTER_MS).unref()
  }

  async #repeat(picture: LivePicture): Promise<void> {
    if (this.#checking || !(await this.#isReady())) return
    // One that has come while that was found out was passed over for the sake of this.
    if (this.#pictures.newest(this.#topic) !== this.#last) await this.#sendNewest()
    else if (picture === this.#last) this.#write(picture)
  }

  async #isReady(): Promise<boolean> {
    const { request, response } = this.#exchange
    if (response.writableNeedDrain || response.destroyed) return false
    if (!this.#last) return true
    this.#checking = true
    const unsent = (await countUnsentBytes(request.socket)) ?? 0
    this.#checking = false
    if (response.destroyed) return false
    if (unsent > this.#last.frame.data.byteLength + OVERHEAD_BYTES) {
      this.#wait(unsent)
      return false
    }
    clearTimeout(this.#stuck)
    this.#stuck = undefined
    return !response.writableNeedDrain
  }

  /** Looks again later, until a reader that takes nothing at all has had its time. */
  #wait(unsent: number): void {
    clearTimeout(this.#retrying)
    this.#retrying = setTimeout(() => void this.#sendNewest(), RETRY_AFTER_MS).unref()
    this.#stuck ??= setTimeout(() => this.#exchange.response.destroy(), this.#stuckAfterMs).unref()
    if (unsent !== this.#stuckAtBytes) this.#stuck.refresh()
    this.#stuckAtBytes = unsent
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
