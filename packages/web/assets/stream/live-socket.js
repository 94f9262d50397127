import { addressOf } from '../page/address.js'
import { showHint } from '../page/notices.js'
import { RequestSocket } from './request-socket.js'

/**
 * A WebSocket that asks for what it gets: for the next message when it has one, so that no more are on their way than the
 * server finds room for; and that comes back by itself. Behind a proxy that lets no WebSocket through, plain requests take
 * its place. A hidden or paused page does not ask, so nothing more is sent.
 *
 * @typedef {'opening' | 'open' | 'offline' | 'refused'} Link
 *
 * @typedef {object} Handlers
 * @property {(data: ArrayBuffer) => Promise<void> | void} onBinary What was asked for; the next is asked for after it.
 * @property {() => string} [onAsk] How the next is asked for; empty where that need not be said yet. Default `next`.
 * @property {(message: any) => void} onText Anything else.
 * @property {boolean} [whileHidden] Whether it goes on in a tab that nobody sees, as sound does. Default false.
 * @property {boolean} [saysRest] Whether to say `rest` when nothing is wanted for a while, not even what was asked for.
 * @property {() => void} [onOpen]
 * @property {(link: Link) => void} onLink
 * @property {() => void} [onGap] What comes next does not follow what came last, by nobody's fault.
 */

const MIN_RETRY_MS = 250
const MAX_RETRY_MS = 4000
/** Chromium makes a page wait for seconds that opens more than twelve at a time (measured). */
const MAX_OPENING = 6
const OPENING_RETRY_MS = 20

/** With less a viewer that is just starting would be taken for a proxy. */
const FAILURES_OF_A_PROXY = 2
const NO_WEBSOCKET =
  'The proxy in front of this page lets no WebSocket through, so plain requests take its place. In nginx, set: ' +
  'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; ' +
  'proxy_set_header Host $http_host;'

/** A proxy may leave the question open. */
const OPEN_TIMEOUT_MS = 5000

/** Those of the page that are being opened. */
let opening = 0
/** WebSockets of the page in a row that were not opened, while the server can be reached. */
let failures = 0

export class LiveSocket {
  #path
  #topic
  #handlers
  /** @type {WebSocket | RequestSocket | undefined} */
  #socket
  #paused = false
  /** Messages that are being handled. */
  #busy = 0
  #asked = false
  #opened = false
  #retryMs = MIN_RETRY_MS
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retrying

  /**
   * @param {string} path
   * @param {string | undefined} topic The first stream where none is named.
   * @param {Handlers} handlers
   */
  constructor(path, topic, handlers) {
    this.#path = path
    this.#topic = topic
    this.#handlers = handlers
    document.addEventListener('visibilitychange', this.#onVisibility)
    this.#connect()
  }

  /** Whether nothing is asked for at the moment, by the person's wish. */
  get paused() {
    return this.#paused
  }

  set paused(paused) {
    this.#paused = paused
    this.#handlers.onGap?.()
    if (paused) this.#rest()
    else this.#ask()
  }

  /** Sends a text message, if it can be sent now. @param {string} text */
  send(text) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text)
  }

  /** Ends it. */
  close() {
    document.removeEventListener('visibilitychange', this.#onVisibility)
    clearTimeout(this.#retrying)
    const socket = this.#socket
    this.#socket = undefined
    // Closing one that is not open yet is a line in the browser's console.
    if (socket?.readyState === WebSocket.CONNECTING) socket.addEventListener('open', () => socket.close())
    else socket?.close()
  }

  get #isHidden() {
    return document.hidden && !this.#handlers.whileHidden
  }

  #onVisibility = () => {
    if (this.#handlers.whileHidden && this.#socket) return
    this.#handlers.onGap?.()
    if (this.#isHidden) return this.#rest()
    if (this.#socket) this.#ask()
    else this.#connect()
  }

  #connect() {
    clearTimeout(this.#retrying)
    if (opening >= MAX_OPENING) {
      this.#retrying = setTimeout(() => this.#connect(), OPENING_RETRY_MS)
      return
    }
    const socket = this.#makeSocket()
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    this.#opened = false
    opening += 1
    let hasOpened = false
    const patience = setTimeout(() => socket.close(), OPEN_TIMEOUT_MS)
    socket.addEventListener('open', () => {
      clearTimeout(patience)
      opening -= 1
      hasOpened = true
      if (socket !== this.#socket) return
      this.#opened = true
      this.#asked = false
      this.#retryMs = MIN_RETRY_MS
      showHint(socket instanceof RequestSocket ? NO_WEBSOCKET : '')
      this.#handlers.onGap?.()
      this.#handlers.onOpen?.()
      this.#handlers.onLink('open')
      this.#ask()
    })
    socket.addEventListener('message', (event) => {
      const { data } = /** @type {MessageEvent} */ (event)
      if (socket !== this.#socket) return
      if (typeof data === 'string') this.#handlers.onText(JSON.parse(data))
      else void this.#take(data)
    })
    socket.addEventListener('close', () => {
      clearTimeout(patience)
      if (!hasOpened) opening -= 1
      if (socket === this.#socket) void this.#retry()
    })
  }

  #makeSocket() {
    const address = addressOf(this.#path)
    if (this.#topic !== undefined) address.searchParams.set('topic', this.#topic)
    if (failures >= FAILURES_OF_A_PROXY) return new RequestSocket(address)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    return new WebSocket(address)
  }

  /** @param {ArrayBuffer} data */
  async #take(data) {
    this.#asked = false
    this.#busy += 1
    try {
      await this.#handlers.onBinary(data)
    } finally {
      this.#busy -= 1
      this.#sayNext()
    }
  }

  /** Asks for a message, unless one is to come already. */
  #ask() {
    if (this.#busy === 0 && !this.#asked) this.#sayNext()
  }

  #rest() {
    if (!this.#handlers.saysRest) return
    this.#asked = false
    this.send('rest')
  }

  #sayNext() {
    if (this.#paused || this.#isHidden || this.#socket?.readyState !== WebSocket.OPEN) return
    this.#asked = true
    const question = this.#handlers.onAsk?.() ?? 'next'
    if (question !== '') this.#socket.send(question)
  }

  async #retry() {
    const isPlain = this.#socket instanceof RequestSocket
    this.#socket = undefined
    this.#handlers.onLink(await this.#findLink(isPlain))
    // A hidden page comes back when it is looked at again.
    if (this.#isHidden) return
    this.#retrying = setTimeout(() => this.#connect(), this.#retryMs * (0.75 + Math.random() / 2))
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS)
  }

  /**
   * A WebSocket does not say why it was not opened; an ordinary request does, for what every page has: itself.
   *
   * @param {boolean} isPlain Whether plain requests took its place.
   * @returns {Promise<Link>}
   */
  async #findLink(isPlain) {
    const before = failures
    failures = 0
    if (this.#opened) return 'offline'
    const response = await fetch(addressOf(''), { cache: 'no-store' }).catch(() => undefined)
    if (response?.status === 401 || response?.status === 429) return 'refused'
    if (response?.status === 403) showHint(await response.text())
    if (response?.ok && !isPlain) failures = before + 1
    return failures > 0 ? 'opening' : 'offline'
  }
}
