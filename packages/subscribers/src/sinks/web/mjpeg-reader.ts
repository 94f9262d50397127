import type { Exchange } from '@zcast/shared/web'
import type { LivePicture, LivePictures } from './live-pictures.ts'

const BOUNDARY = 'zcast-picture'
/** After this much silence the last picture is repeated for browsers. */
const REPEAT_AFTER_MS = 150

/** What an {@link MjpegReader} is told. */
export interface MjpegReaderOptions {
  /** The stream; the first one seen where none is named. */
  readonly topic: string | undefined
  /** A reader that takes nothing for this long is dropped. */
  readonly stuckAfterMs: number
}

/**
 * One reader of `multipart/x-mixed-replace`. It is sent the newest picture whenever the one before has left for the
 * system, so one that reads slowly, or not at all, holds one picture and no more.
 *
 * Browsers are treated apart, because they show a part late: Chromium when the next part's head has come, so that is
 * sent right behind each picture (without a length, then: nobody knows it yet), and WebKit one part later still, so
 * the last picture is repeated when nothing newer comes. Everybody else gets lengths and no repetition.
 */
export class MjpegReader {
  readonly #exchange: Exchange
  readonly #pictures: LivePictures
  readonly #topic: string | undefined
  readonly #isBrowser: boolean
  #repeating: NodeJS.Timeout | undefined
  #last: LivePicture | undefined
  #sent = 0

  constructor(exchange: Exchange, pictures: LivePictures, options: MjpegReaderOptions) {
    const { request, response } = exchange
    this.#exchange = exchange
    this.#pictures = pictures
    this.#topic = options.topic
    this.#isBrowser = request.headers['user-agent']?.startsWith('Mozilla/') === true
    // Plain readers of MJPEG know nothing of chunks.
    response.useChunkedEncodingByDefault = false
    response.shouldKeepAlive = false
    response.writeHead(200, { 'Content-Type': `multipart/x-mixed-replace; boundary=${BOUNDARY}` })
    if (exchange.headOnly) {
      response.end()
      return
    }
    // Silence alone is no fault: there may be no publisher yet.
    response.setTimeout(options.stuckAfterMs, () => {
      if (response.writableNeedDrain) response.destroy()
    })
    response.on('drain', () => this.#sendNewest())
    const unwatch = pictures.watch(options.topic, () => this.#sendNewest())
    response.once('close', () => {
      clearTimeout(this.#repeating)
      unwatch()
    })
    response.write(
      this.#isBrowser ? `--${BOUNDARY}\r\nContent-Type: image/jpeg\r\n\r\n` : `--${BOUNDARY}\r\n`,
    )
    this.#sendNewest()
  }

  /** Pictures sent so far, repetitions apart. */
  get sent(): number {
    return this.#sent
  }

  #sendNewest(): void {
    const picture = this.#pictures.newest(this.#topic)
    if (!picture || picture === this.#last || !this.#isReady()) return
    this.#last = picture
    this.#sent += 1
    this.#write(picture)
    if (!this.#isBrowser) return
    clearTimeout(this.#repeating)
    this.#repeating = setTimeout(() => this.#repeat(picture), REPEAT_AFTER_MS).unref()
  }

  #repeat(picture: LivePicture): void {
    if (this.#isReady()) this.#write(picture)
  }

  #isReady(): boolean {
    const { response } = this.#exchange
    return !response.writableNeedDrain && !response.destroyed
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
