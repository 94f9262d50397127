/**
 * The pictures of one stream, newest first and never more than one on its way: the next is asked for when the one
 * before is on the screen. A hidden or paused page does not ask, so the server sends it nothing.
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
 * @typedef {'connecting' | 'open' | 'offline' | 'refused'} Link
 *
 * @typedef {object} Listeners
 * @property {(picture: Picture) => void} onPicture
 * @property {(report: object) => void} onReport How the viewer's streams are doing, once a second.
 * @property {(link: Link) => void} onLink
 */

const MIN_RETRY_MS = 250
const MAX_RETRY_MS = 4000
const CLOCK_INTERVAL_MS = 10_000
/** Differences of this size are in the clocks' resolution. */
const CLOCK_SLACK_MS = 5
const MAX_AGE_MS = 3_600_000

export class PictureStream {
  /** Pictures that came to the viewer but were not shown here, while the page was looking. */
  skipped = 0
  /** Pictures that could not be decoded. */
  broken = 0
  #topic
  #listeners
  /** @type {WebSocket | undefined} */
  #socket
  #paused = false
  #busy = false
  #asked = false
  #opened = false
  #lastNumber = 0
  #retryMs = MIN_RETRY_MS
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retrying
  /** Seconds to add to this page's own clock; the uncertainty is half the way there and back. */
  #clock = { offset: Number.NaN, tripMs: Number.POSITIVE_INFINITY }

  /**
   * @param {string | undefined} topic The first stream where none is named.
   * @param {Listeners} listeners
   */
  constructor(topic, listeners) {
    this.#topic = topic
    this.#listeners = listeners
    document.addEventListener('visibilitychange', this.#onVisibility)
    this.#ticking = setInterval(() => this.#askClock(), CLOCK_INTERVAL_MS)
    this.#connect()
  }

  /** @type {ReturnType<typeof setInterval>} */
  #ticking

  /** Whether nothing is asked for at the moment, by the person's wish. */
  get paused() {
    return this.#paused
  }

  set paused(paused) {
    this.#paused = paused
    this.#lastNumber = 0
    this.#ask()
  }

  /**
   * How old a picture of the given time is now, in milliseconds; NaN where the clocks do not agree.
   *
   * @param {number} time Seconds since the Unix epoch.
   */
  ageMs(time) {
    const ageMs = performance.now() + (this.#clock.offset - time) * 1000
    const plausible = ageMs >= -CLOCK_SLACK_MS - this.#clock.tripMs / 2 && ageMs <= MAX_AGE_MS
    return plausible ? Math.max(ageMs, 0) : Number.NaN
  }

  /** Ends everything. */
  close() {
    document.removeEventListener('visibilitychange', this.#onVisibility)
    clearInterval(this.#ticking)
    clearTimeout(this.#retrying)
    const socket = this.#socket
    this.#socket = undefined
    socket?.close()
  }

  #onVisibility = () => {
    this.#lastNumber = 0
    if (document.hidden) return
    if (this.#socket) this.#ask()
    else this.#connect()
  }

  #connect() {
    clearTimeout(this.#retrying)
    const address = new URL('pictures', document.baseURI)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    if (this.#topic !== undefined) address.searchParams.set('topic', this.#topic)
    const socket = new WebSocket(address)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    this.#opened = false
    socket.addEventListener('open', () => {
      this.#opened = true
      this.#asked = false
      this.#lastNumber = 0
      this.#retryMs = MIN_RETRY_MS
      this.#clock.tripMs = Number.POSITIVE_INFINITY
      this.#listeners.onLink('open')
      this.#askClock()
      this.#ask()
    })
    socket.addEventListener('message', ({ data }) => {
      if (socket !== this.#socket) return
      if (typeof data === 'string') this.#readText(JSON.parse(data))
      else void this.#readPicture(data)
    })
    socket.addEventListener('close', () => {
      if (socket === this.#socket) void this.#retry()
    })
  }

  async #retry() {
    this.#socket = undefined
    this.#listeners.onLink((await this.#isRefused()) ? 'refused' : 'offline')
    // A hidden page comes back when it is looked at again.
    if (document.hidden) return
    this.#retrying = setTimeout(() => this.#connect(), this.#retryMs * (0.75 + Math.random() / 2))
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS)
  }

  /** A WebSocket does not say why it was not opened; an ordinary request does. */
  async #isRefused() {
    if (this.#opened) return false
    const response = await fetch('stats.json', { method: 'HEAD' }).catch(() => undefined)
    return response?.status === 401 || response?.status === 403
  }

  #ask() {
    if (this.#paused || this.#busy || this.#asked || document.hidden) return
    if (this.#socket?.readyState !== WebSocket.OPEN) return
    this.#asked = true
    this.#socket.send('next')
  }

  #askClock() {
    if (document.hidden || this.#socket?.readyState !== WebSocket.OPEN) return
    this.#socket.send(`clock ${performance.now().toFixed(3)}`)
  }

  #readText(message) {
    if (message.type === 'report') this.#listeners.onReport(message)
    if (message.type === 'clock') this.#readClock(message.asked, message.time)
  }

  /**
   * @param {number} askedMs
   * @param {number} time
   */
  #readClock(askedMs, time) {
    const nowMs = performance.now()
    const tripMs = nowMs - askedMs
    const first = this.#clock.tripMs === Number.POSITIVE_INFINITY
    // The fastest answer tells the time best; an old one fades, for clocks drift.
    if (tripMs <= this.#clock.tripMs * 1.5) this.#clock = { offset: time - (askedMs + nowMs) / 2000, tripMs }
    else this.#clock.tripMs *= 1.2
    if (first) this.#askClock()
  }

  /** @param {ArrayBuffer} buffer */
  async #readPicture(buffer) {
    const view = new DataView(buffer)
    this.#asked = false
    if (view.getUint8(0) !== 1 || view.getUint8(1) !== 1) return
    const number = view.getFloat64(32, true)
    if (this.#lastNumber > 0 && number > this.#lastNumber) this.skipped += number - this.#lastNumber - 1
    this.#lastNumber = number
    const jpeg = new Blob([new Uint8Array(buffer, view.getUint16(2, true))], { type: 'image/jpeg' })
    this.#busy = true
    try {
      const bitmap = await createImageBitmap(jpeg)
      const time = view.getFloat64(16, true)
      const size = { width: bitmap.width, height: bitmap.height }
      const seq = view.getFloat64(24, true)
      // A picture that was on its way when the person paused is not shown.
      if (this.#paused) bitmap.close()
      else this.#listeners.onPicture({ bitmap, jpeg, ...size, time, seq, ageMs: this.ageMs(time) })
    } catch {
      this.broken += 1
    } finally {
      this.#busy = false
      this.#ask()
    }
  }
}
