import { addressOf } from '../../page/address.js'

/**
 * A WebSocket on which what is captured goes to the room, each message with its time. It knows how many messages are on
 * the way, and comes back by itself.
 *
 * @typedef {import('../../../../room/src/cameras/capture-channel.ts').CaptureMessage} CaptureMessage
 *
 * @typedef {object} CaptureSocketOptions
 * @property {string} path
 * @property {() => string} key The guest's key at the moment.
 * @property {object} [hello] What else the room is told at the beginning.
 * @property {() => void} [onUnreachable] Called once when the network lets no WebSocket through.
 * @property {() => void} onReady Called whenever messages may be sent, or more of them.
 * @property {(count: number) => void} [onTaken] Called with how many have arrived.
 */

const MIN_RETRY_MS = 500
const MAX_RETRY_MS = 8000
/** A network that has gone away without a word. */
const SILENT_MS = 15_000
/** With less a room that is just starting would be taken for a network that lets no WebSocket through. */
const FAILURES_OF_A_NETWORK = 3
const TIME_BYTES = 8

export class CaptureSocket {
  #options
  /** @type {WebSocket | undefined} */
  #socket
  #isReady = false
  #onTheWay = 0
  #retryMs = MIN_RETRY_MS
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  #isClosed = false
  /** Connections in a row that did not come about. */
  #failures = 0

  /** @param {CaptureSocketOptions} options */
  constructor(options) {
    this.#options = options
    this.#connect()
  }

  get isReady() {
    return this.#isReady
  }

  /** Messages that were sent and have not arrived, as far as is known. */
  get onTheWay() {
    return this.#onTheWay
  }

  /**
   * @param {number} time When it was captured, in seconds since the Unix epoch by the room's clock.
   * @param {ArrayBuffer} bytes
   */
  send(time, bytes) {
    if (!this.#isReady || !this.#socket) return
    const message = new Uint8Array(TIME_BYTES + bytes.byteLength)
    new DataView(message.buffer).setFloat64(0, time, true)
    message.set(new Uint8Array(bytes), TIME_BYTES)
    this.#onTheWay += 1
    if (this.#onTheWay === 1) this.#watch()
    this.#socket.send(message)
  }

  close() {
    this.#isClosed = true
    this.#drop()
  }

  #connect() {
    const address = addressOf(this.#options.path)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(address)
    this.#socket = socket
    socket.addEventListener('open', () => {
      this.#failures = 0
      const { key, hello } = this.#options
      if (socket === this.#socket) socket.send(JSON.stringify({ key: key(), ...hello }))
    })
    socket.addEventListener('message', ({ data }) => {
      if (socket === this.#socket && typeof data === 'string') this.#take(JSON.parse(data))
    })
    socket.addEventListener('close', () => {
      if (socket !== this.#socket) return
      this.#failures += 1
      if (this.#failures === FAILURES_OF_A_NETWORK) this.#options.onUnreachable?.()
      this.#retry()
    })
    this.#watch()
  }

  /** @param {CaptureMessage} message */
  #take(message) {
    this.#watch()
    if (message.type === 'ready') {
      this.#isReady = true
      this.#options.onReady()
    }
    if (message.type === 'taken') {
      // Not before: a room that refuses what comes is not asked again twice a second.
      this.#retryMs = MIN_RETRY_MS
      this.#onTheWay -= message.count
      this.#options.onTaken?.(message.count)
      this.#options.onReady()
    }
  }

  /** Gives the connection up when it is silent although something is expected. */
  #watch() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (!this.#isReady || this.#onTheWay > 0) this.#retry()
    }, SILENT_MS)
  }

  #retry() {
    this.#drop()
    if (this.#isClosed) return
    this.#timer = setTimeout(() => this.#connect(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS)
  }

  #drop() {
    clearTimeout(this.#timer)
    const socket = this.#socket
    this.#socket = undefined
    this.#isReady = false
    this.#onTheWay = 0
    socket?.close()
  }
}
