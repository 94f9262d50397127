import { addressOf } from '../page/address.js'
import { make } from '../page/elements.js'
import { formatTime } from '../page/times.js'

/** Lines that are shown: the newest of the moment. */
const MOST_SHOWN = 100

/** @typedef {import('../../src/history/past-messages.ts').SaidLine} SaidLine */

/** The chat of a recorded room, as far as it had come at the moment that is shown. */
export class PastChat {
  #section
  #list
  /** All that was said, once it is here. @type {readonly SaidLine[]} */
  #said = []
  #isAsked = false
  /** @type {number | undefined} */
  #time
  /** How many of them are shown, or were. */
  #shown = -1

  /** @param {HTMLElement} section @param {HTMLElement} list In it. */
  constructor(section, list) {
    this.#section = section
    this.#list = list
  }

  /** Fetches what was said; further calls do nothing. */
  async open() {
    if (this.#isAsked) return
    this.#isAsked = true
    const response = await fetch(addressOf('history/chat')).catch(() => undefined)
    if (!response?.ok) {
      this.#isAsked = false
      return
    }
    this.#said = /** @type {import('../../src/history/past-messages.ts').PastChat} */ (
      await response.json()
    ).said
    this.show(this.#time)
  }

  /** Shows what had been said at a moment; nothing while the page is live. @param {number | undefined} time */
  show(time) {
    this.#time = time
    this.#section.hidden = time === undefined || this.#said.length === 0
    if (time === undefined) return
    const count = this.#said.findLastIndex((line) => line.time <= time) + 1
    if (count === this.#shown) return
    const list = this.#list
    // What follows is added, so that it is read out alone.
    const first = count > this.#shown && this.#shown > 0 ? this.#shown : 0
    if (first === 0) list.replaceChildren()
    list.querySelector('.empty')?.remove()
    const lines = this.#said.slice(Math.max(first, count - MOST_SHOWN), count)
    list.append(...lines.map(makeLine))
    while (list.childElementCount > MOST_SHOWN) list.firstElementChild?.remove()
    if (count === 0) list.append(make('div', 'empty', 'Nothing had been said yet.'))
    this.#shown = count
    list.scrollTop = list.scrollHeight
  }
}

/** @param {SaidLine} line */
function makeLine({ time, name, text }) {
  const line = make('div')
  line.append(make('span', 'said-at', formatTime(time)), make('b', '', name), make('span', '', text))
  return line
}
