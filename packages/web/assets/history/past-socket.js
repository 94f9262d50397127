import { LiveSocket } from '../stream/live-socket.js'

/**
 * What the server says of the past, and what is asked of it: pictures at a moment, or from there on at some speed. Only
 * the newest question counts.
 *
 * @typedef {object} PastPicture
 * @property {string} topic
 * @property {ImageBitmap} bitmap
 * @property {Blob} jpeg The picture as it was sent.
 * @property {number} width Pixels.
 * @property {number} height Pixels.
 * @property {number} time Seconds since the Unix epoch, by the publisher's clock.
 * @property {number} seq Sequence number; NaN where there is none.
 * @property {number} ageMs NaN: of the past.
 * @property {number} recordedAt Seconds since the Unix epoch at which it came.
 * @property {number} request The number of the question that it answers.
 *
 * @typedef {object} PastListeners
 * @property {(picture: PastPicture) => void} onPicture Whoever gets it draws or closes it.
 * @property {(message: import('../../src/history/past-messages.ts').PastMessage) => void} onText
 * @property {() => void} onOpen The question has to be asked again.
 */

export class PastSocket {
  #listeners
  #socket
  #request = 0
  #got = 0
  #acknowledged = 0
  /** The newest of each topic. @type {Map<string, number>} */
  #newest = new Map()

  /** @param {PastListeners} listeners */
  constructor(listeners) {
    this.#listeners = listeners
    this.#socket = new LiveSocket('history', undefined, {
      onBinary: (data) => this.#readPicture(data),
      onText: (message) => listeners.onText(message),
      onAsk: () => {
        const text = this.#got > this.#acknowledged ? `got ${this.#got}` : ''
        this.#acknowledged = this.#got
        return text
      },
      onOpen: () => {
        this.#got = 0
        this.#acknowledged = 0
        this.#newest.clear()
        listeners.onOpen()
      },
      onLink: () => {},
    })
  }

  /** Which pictures are wanted with each question. @param {readonly string[]} topics */
  show(topics) {
    this.#socket.send(`show ${topics.join()}`.trimEnd())
  }

  /**
   * Asks for a moment.
   *
   * @param {number} time
   * @param {number} [width] Pixels: pictures need be no wider.
   * @returns The number of the question.
   */
  at(time, width) {
    return this.#ask('at', time, width === undefined ? '' : ` ${width}`)
  }

  /** Asks for the picture before or after a moment. @param {number} time @param {-1 | 1} direction */
  step(time, direction) {
    return this.#ask('step', time, ` ${direction}`)
  }

  /** Asks for a moment, and what follows. @param {number} time @param {number} speed */
  play(time, speed) {
    return this.#ask('play', time, ` ${speed}`)
  }

  /** Asks for nothing more. */
  rest() {
    this.#socket.send('rest')
  }

  /** @param {string} kind @param {number} time @param {string} [more] */
  #ask(kind, time, more = '') {
    this.#request += 1
    this.#socket.send(`${kind} ${this.#request} ${time.toFixed(6)}${more}`)
    return this.#request
  }

  /** @param {ArrayBuffer} buffer */
  async #readPicture(buffer) {
    const view = new DataView(buffer)
    if (view.getUint8(0) !== 1 || view.getUint8(1) !== 3) return
    const begin = view.getUint16(2, true)
    const topic = new TextDecoder().decode(new Uint8Array(buffer, 56, begin - 56))
    const jpeg = new Blob([new Uint8Array(buffer, begin)], { type: 'image/jpeg' })
    const bitmap = await createImageBitmap(jpeg).catch(() => undefined)
    const number = view.getFloat64(32, true)
    // One that took longer to decode than the next is not shown.
    const isLate = number < (this.#newest.get(topic) ?? 0)
    if (!isLate) this.#newest.set(topic, number)
    this.#got = Math.max(this.#got, number)
    if (!bitmap || isLate) return bitmap?.close()
    this.#listeners.onPicture({
      topic,
      bitmap,
      jpeg,
      width: bitmap.width,
      height: bitmap.height,
      time: view.getFloat64(16, true),
      seq: view.getFloat64(24, true),
      ageMs: Number.NaN,
      recordedAt: view.getFloat64(40, true),
      request: view.getUint32(12, true),
    })
  }
}
