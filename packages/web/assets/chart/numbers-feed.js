import { LiveSocket } from '../stream/live-socket.js'
import { countSlices, NumberSlices } from './number-slices.js'

/** As many slices as the server sends in one message, the rest when it is asked again. */
const SENT_AT_ONCE = 600

/**
 * The last minutes of a stream of numbers, of the positions that are drawn, and what its positions are called. The
 * server sends what came in slices, so neither memory nor work grows with time or rate.
 */
export class NumbersFeed {
  slices = new NumberSlices()
  /** The names of the positions, where they have some. @type {readonly string[]} */
  names = []
  /** Their units. @type {readonly string[]} */
  units = []
  /** Whether all that the server has is here. */
  isCurrent = false
  #socket
  #onChange
  #onData
  /** @type {readonly number[]} */
  #chosen = []

  /**
   * @param {string} topic
   * @param {() => void} onChange Called when it is known which positions of how many are here, and when these are others.
   * @param {() => Promise<void> | undefined} onData Called with everything that comes; the next is asked for after it.
   */
  constructor(topic, onChange, onData) {
    this.#onChange = onChange
    this.#onData = onData
    this.#socket = new LiveSocket('numbers', topic, {
      onBinary: (data) => this.#take(data),
      onText: () => {},
      onOpen: () => this.#sendChosen(),
      onLink: () => {},
    })
  }

  /** Whether nothing is asked for. */
  get paused() {
    return this.#socket.paused
  }

  set paused(paused) {
    this.#socket.paused = paused
  }

  /** Has these positions, rather than the first ones. @param {readonly number[]} positions */
  choose(positions) {
    this.#chosen = positions
    this.isCurrent = false
    this.#sendChosen()
  }

  /** What a position is called: its name, or its number. @param {number} position */
  nameOf(position) {
    return this.names[position] || String(position)
  }

  /** The unit of a position; empty where it has none. @param {number} position */
  unitOf(position) {
    return this.units[position] ?? ''
  }

  #sendChosen() {
    if (this.#chosen.length > 0) this.#socket.send(`positions ${this.#chosen.join()}`)
  }

  /** @param {ArrayBuffer} buffer */
  async #take(buffer) {
    const { length } = this.slices
    const changed = this.slices.take(buffer)
    this.isCurrent = countSlices(buffer) < SENT_AT_ONCE
    if (changed || length !== this.slices.length) this.#onChange()
    await this.#onData()
  }
}
