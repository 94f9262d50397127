import { LiveSocket } from './live-socket.js'
import { showNotices } from '../page/notices.js'
import { PictureQueue } from '../sound/picture-queue.js'
import { CLOCK_INTERVAL_MS, ServerClock } from '../sound/server-clock.js'

/**
 * The pictures of one stream, the newest first: the server is told which is on the screen, and sends no more than it finds
 * room for on the way. A hidden or paused page says that it rests, and is sent nothing.
 *
 * @typedef {object} Picture
 * @property {ImageBitmap} bitmap Decoded off the main thread; whoever gets it closes or transfers it.
 * @property {Blob} jpeg The picture as it was sent.
 * @property {number} width Pixels.
 * @property {number} height Pixels.
 * @property {number} time Seconds since the Unix epoch, by the publisher's clock.
 * @property {number} seq Sequence number; NaN where there is none.
 * @property {number} ageMs How old it was when it was handed over; NaN where that cannot be told.
 *
 * @typedef {object} Listeners
 * @property {(picture: Picture) => void} onPicture
 * @property {(report: import('../../src/page/page-messages.ts').ReportMessage) => void} onReport How the viewer's streams are doing, once a second.
 * @property {(link: import('./live-socket.js').Link) => void} onLink
 * @property {(told: import('../../src/page/page-messages.ts').RenditionsMessage) => void} [onRenditions] Which there are, largest first, and which is sent.
 */

/** Differences of this size are in the clocks' resolution. */
const CLOCK_SLACK_MS = 5
const MAX_AGE_MS = 3_600_000

export class PictureStream {
  /** Pictures that came to the viewer but were not shown here, while the page was looking. */
  skipped = 0
  /** Pictures that could not be decoded. */
  broken = 0
  /**
   * Pictures a second that there are for this page and that get here, while those are fewer; `isBusy` where the browser is
   * what takes so long, rather than the network.
   *
   * @type {{ wanted: number, carried: number, isBusy: boolean } | undefined}
   */
  network
  #listeners
  #socket
  #ticking
  /** Whether there are renditions to choose from. */
  #mayChoose = false
  #rendition = 'auto'
  #closed = false
  #lastNumber = 0
  /** The number of the newest picture that was handled. */
  #handledNumber = 0
  /** For how long pictures have been decoded and drawn since the last report. */
  #busyMs = 0
  #reportedAtMs = performance.now()
  #clock
  /** @type {import('../sound/playout-clock.js').PlayoutClock | undefined} */
  #playout
  /** Those that wait until they are due, while there is sound beside them. @type {PictureQueue | undefined} */
  #queue

  /**
   * @param {string | undefined} topic The first stream where none is named.
   * @param {Listeners} listeners
   * @param {ServerClock} [clock] That of the server; several streams may share one.
   */
  constructor(topic, listeners, clock = new ServerClock()) {
    this.#listeners = listeners
    this.#clock = clock
    this.#socket = new LiveSocket('pictures', topic, {
      onBinary: (data) => this.#readPicture(data),
      onText: (message) => this.#readText(message),
      saysRest: true,
      onAsk: () => (this.#handledNumber > 0 ? `next ${this.#handledNumber}` : 'next'),
      onOpen: () => {
        this.#handledNumber = 0
        this.network = undefined
        this.#askClock()
        if (this.#rendition !== 'auto') this.rendition = this.#rendition
      },
      onLink: (link) => {
        // The next server may be another one.
        if (link !== 'open') this.#clock.doubt()
        listeners.onLink(link)
      },
      onGap: () => {
        this.#lastNumber = 0
      },
    })
    this.#ticking = setInterval(() => this.#askClock(), CLOCK_INTERVAL_MS)
  }

  /**
   * Pictures a second that there are of the rendition that is sent; 0 while no more than are drawn, and NaN where it cannot
   * be chosen.
   */
  get came() {
    return this.#mayChoose ? (this.network?.wanted ?? 0) : Number.NaN
  }

  /** Whether nothing is asked for at the moment, by the person's wish. */
  get paused() {
    return this.#socket.paused
  }

  set paused(paused) {
    this.#socket.paused = paused
    if (paused) this.playout = this.#playout
  }

  /** Shows each picture when it is due, in step with sound, rather than at once. @param {import('../sound/playout-clock.js').PlayoutClock | undefined} playout */
  set playout(playout) {
    const before = this.#queue
    this.#playout = playout
    this.#queue =
      playout &&
      new PictureQueue(playout, {
        onDue: (picture) => this.#handOver(picture),
        onPassedOver: () => (this.skipped += 1),
      })
    if (this.paused) before?.close()
    else before?.flush()
  }

  /** Which rendition is sent: `auto`, or one of those that the viewer names. */
  set rendition(/** @type {string} */ rendition) {
    this.#rendition = rendition
    this.#socket.send(`rendition ${rendition}`)
  }

  /**
   * How old a picture of the given time is now, in milliseconds; NaN where the clocks do not agree.
   *
   * @param {number} time Seconds since the Unix epoch.
   */
  ageMs(time) {
    if (!this.#clock.isKnown) return Number.NaN
    const ageMs = performance.now() - this.#clock.pageMs(time)
    const plausible = ageMs >= -CLOCK_SLACK_MS - this.#clock.uncertaintyMs && ageMs <= MAX_AGE_MS
    return plausible ? Math.max(ageMs, 0) : Number.NaN
  }

  /** Ends everything. */
  close() {
    this.#closed = true
    clearInterval(this.#ticking)
    this.#socket.close()
    this.#queue?.close()
  }

  #askClock() {
    if (!document.hidden) this.#socket.send(this.#clock.question)
  }

  /** @param {import('../../src/page/page-messages.ts').TextMessage} message */
  #readText(message) {
    if (message.type === 'renditions') this.#readRenditions(message)
    if (message.type === 'report') this.#readReport(message)
    if (message.type === 'notices') showNotices(message.notices)
    if (message.type === 'clock' && this.#clock.answer(message.asked, message.time)) this.#askClock()
  }

  /** Each rendition has numbers of its own. @param {import('../../src/page/page-messages.ts').RenditionsMessage} told */
  #readRenditions(told) {
    this.#lastNumber = 0
    this.#mayChoose = told.names.length > 1
    this.network = undefined
    this.#listeners.onRenditions?.(told)
  }

  /** @param {import('../../src/page/page-messages.ts').ReportMessage} report */
  #readReport(report) {
    const nowMs = performance.now()
    const isBusy = this.#busyMs > (nowMs - this.#reportedAtMs) / 2
    this.#busyMs = 0
    this.#reportedAtMs = nowMs
    this.network = report.reader.network ? { ...report.reader.network, isBusy } : undefined
    this.#listeners.onReport(report)
  }

  /** @param {ArrayBuffer} buffer */
  async #readPicture(buffer) {
    const view = new DataView(buffer)
    if (view.getUint8(0) !== 1 || view.getUint8(1) !== 1) return
    const number = view.getFloat64(32, true)
    if (this.#lastNumber > 0 && number > this.#lastNumber) this.skipped += number - this.#lastNumber - 1
    this.#lastNumber = number
    const cameAtMs = performance.now()
    await this.#show(view, number)
    this.#busyMs += performance.now() - cameAtMs
  }

  /**
   * @param {DataView<ArrayBuffer>} view
   * @param {number} number
   */
  async #show(view, number) {
    const jpeg = new Blob([new Uint8Array(view.buffer, view.getUint16(2, true))], { type: 'image/jpeg' })
    const bitmap = await createImageBitmap(jpeg).catch(() => undefined)
    const isLate = number < this.#handledNumber && this.#lastNumber >= this.#handledNumber
    if (!isLate) this.#handledNumber = number
    if (!bitmap) {
      this.broken += 1
      return
    }
    // One that was on its way when the person paused, or chose another stream, is not shown; nor is one that took longer
    // to decode than the next.
    if (isLate && !this.paused) this.skipped += 1
    if (isLate || this.paused || this.#closed) {
      bitmap.close()
      return
    }
    const { width, height } = bitmap
    const time = view.getFloat64(16, true)
    const seq = view.getFloat64(24, true)
    const picture = { bitmap, jpeg, width, height, time, seq, ageMs: Number.NaN }
    if (this.#queue) await this.#queue.add(picture)
    else this.#handOver(picture)
  }

  /** @param {Picture} picture */
  #handOver(picture) {
    this.#listeners.onPicture({ ...picture, ageMs: this.ageMs(picture.time) })
  }
}
