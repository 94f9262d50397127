import { addressOf } from '../../page/address.js'
import { RequestSocket } from '../../stream/request-socket.js'

/**
 * The WebSocket to the room: comes back by itself, also when the network has gone silent without a word.
 *
 * @typedef {import('../../../../room/src/messages/room-messages.ts').RoomMessage} RoomMessage
 * @typedef {import('../../../../room/src/messages/guest-messages.ts').GuestMessage} GuestMessage
 *
 * @typedef {object} LinkListeners
 * @property {() => void} onOpen
 * @property {(message: RoomMessage) => void} onMessage
 * @property {() => void} onLost It comes back by itself.
 */

const MIN_RETRY_MS = 250
const MAX_RETRY_MS = 4000
/** A proxy may leave the question open. */
const OPEN_TIMEOUT_MS = 8000
/** With less a room that is just starting would be taken for a proxy that lets no WebSocket through. */
const FAILURES_OF_A_PROXY = 3
/** How often the room is asked for its time. */
const ASK_INTERVAL_MS = 4000
/** Questions in a row without an answer after which the connection is given up. */
const MAX_UNANSWERED = 3
/** Somebody who looks is not kept waiting for so many. */
const HURRY_MS = 4000

export class RoomLink {
  #listeners
  /** @type {WebSocket | RequestSocket | undefined} */
  #socket
  #retryMs = MIN_RETRY_MS
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retrying
  #asking
  #unanswered = 0
  #failures = 0
  #isEnded = false

  /** @param {LinkListeners} listeners */
  constructor(listeners) {
    this.#listeners = listeners
    this.#asking = setInterval(() => this.#askClock(), ASK_INTERVAL_MS)
    window.addEventListener('online', this.#hurry)
    document.addEventListener('visibilitychange', this.#hurry)
    this.#connect()
  }

  /** Sends a message. @param {GuestMessage} message @returns {boolean} Whether there is a connection. */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(message))
    return true
  }

  /** Ends it for good. */
  end() {
    this.#isEnded = true
    clearInterval(this.#asking)
    clearTimeout(this.#retrying)
    window.removeEventListener('online', this.#hurry)
    document.removeEventListener('visibilitychange', this.#hurry)
    this.#socket?.close()
  }

  #connect() {
    clearTimeout(this.#retrying)
    const socket = this.#makeSocket()
    this.#socket = socket
    this.#unanswered = 0
    let isOpened = false
    const patience = setTimeout(() => socket.close(), OPEN_TIMEOUT_MS)
    socket.addEventListener('open', () => {
      clearTimeout(patience)
      isOpened = true
      this.#failures = 0
      this.#listeners.onOpen()
      this.#askClock()
    })
    socket.addEventListener('message', (event) => {
      const { data } = /** @type {MessageEvent} */ (event)
      if (socket === this.#socket && typeof data === 'string') this.#take(JSON.parse(data))
    })
    socket.addEventListener('close', () => {
      clearTimeout(patience)
      if (!isOpened) this.#failures += 1
      if (socket === this.#socket) this.#retry()
    })
  }

  #makeSocket() {
    const address = addressOf('room')
    if (this.#failures >= FAILURES_OF_A_PROXY && this.#failures % 2 === 1) return new RequestSocket(address)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    return new WebSocket(address)
  }

  /** @param {RoomMessage} message */
  #take(message) {
    if (message.type === 'clock') this.#unanswered = 0
    if (message.type === 'welcome') this.#retryMs = MIN_RETRY_MS
    this.#listeners.onMessage(message)
  }

  #retry() {
    this.#socket = undefined
    if (this.#isEnded) return
    this.#listeners.onLost()
    this.#retrying = setTimeout(() => this.#connect(), this.#retryMs * (0.75 + Math.random() / 2))
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS)
  }

  /** The network is back, or somebody looks: now rather than in some seconds. */
  #hurry = () => {
    if (document.hidden) return
    if (!this.#socket) return this.#connect()
    // A phone that slept may take a dead connection for a living one.
    const socket = this.#socket
    this.#askClock()
    setTimeout(() => socket === this.#socket && this.#unanswered > 0 && this.#giveUp(), HURRY_MS)
  }

  #askClock() {
    if (this.#socket?.readyState !== WebSocket.OPEN) return
    if (this.#unanswered >= MAX_UNANSWERED) return this.#giveUp()
    this.#unanswered += 1
    this.send({ type: 'clock', asked: performance.now() })
  }

  /** Closing one whose network has gone takes a minute: it is not waited for. */
  #giveUp() {
    this.#socket?.close()
    this.#retry()
  }
}
