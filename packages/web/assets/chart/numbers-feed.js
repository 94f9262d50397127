import { LiveSocket } from '../stream/live-socket.js'
import { PastNumbers } from '../history/past-numbers.js'
import { countSlices, NumberSlices } from './number-slices.js'

/** As many slices as the server sends in one message, the rest when it is asked again. */
const SENT_AT_ONCE = 600
/** What comes at a moment is of it; times are no finer. */
const CLOCK_SECONDS = 1e-6

/**
 * The last minutes of a stream of numbers, of the positions that are drawn, and what its positions are called. The
 * server sends what came in slices, so neither memory nor work grows with time or rate.
 */
export class NumbersFeed {
  #live = new NumberSlices()
  #past
  /** @type {import('./time-view.js').Moment | undefined} */
  #moment
  /** The positions that are known to be here, and of how many. */
  #toldPositions = ''
  /** The names of the positions, where they have some. @type {readonly string[]} */
  names = []
  /** Their units. @type {readonly string[]} */
  units = []
  #isCurrent = false
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
    this.#past = new PastNumbers(topic, () => this.#takePast())
    this.#socket = new LiveSocket('numbers', topic, {
      onBinary: (data) => this.#take(data),
      onText: () => {},
      onOpen: () => this.#sendChosen(),
      onLink: () => {},
    })
  }

  /** What there is, live or of the past. */
  get slices() {
    return this.#moment ? this.#past.slices : this.#live
  }

  /** Whether all that the server has is here. */
  get isCurrent() {
    return this.#moment !== undefined || this.#isCurrent
  }

  /**
   * Shows the past around a moment, or what is live.
   *
   * @param {import('./time-view.js').Moment | undefined} moment
   * @param {{ start: number, end: number }} shown
   */
  look(moment, shown) {
    if (moment && !this.#moment) this.#past.begin(this.#live)
    this.#moment = moment
    if (moment) this.#past.want(shown, moment.time, moment.kept)
    this.#tellChange()
  }

  /** The newest known value of each position, at the moment of the past or live; NaN where there was none lately. */
  get newest() {
    const { slices } = this
    return slices.newestBefore(this.#moment ? slices.find(this.#moment.time + CLOCK_SECONDS) : slices.end)
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
    this.#isCurrent = false
    this.#past.choose(positions)
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

  #takePast() {
    if (!this.#moment) return
    const { names, units } = this.#past
    if (names.join('\n') !== this.names.join('\n') || units.join('\n') !== this.units.join('\n')) {
      this.names = names
      this.units = units
      this.#toldPositions = ''
    }
    this.#tellChange()
    void this.#onData()
  }

  /** @param {ArrayBuffer} buffer */
  async #take(buffer) {
    this.#live.take(buffer)
    this.#isCurrent = countSlices(buffer) < SENT_AT_ONCE
    this.#tellChange()
    await this.#onData()
  }

  #tellChange() {
    const { positions, length } = this.slices
    const told = `${positions.join()} of ${length}`
    if (told === this.#toldPositions || length === 0) return
    this.#toldPositions = told
    this.#onChange()
  }
}
