import { addressOf } from '../page/address.js'
import { make } from '../page/elements.js'

/** Lines are asked for again when the moment has moved, no more often than this. */
const AGAIN_MS = 300

/** The error log around a moment of the past, in place of its tail. */
export class PastLog {
  #live
  #list = make('div', 'lines')
  /** @type {readonly { time: number, line: string }[]} */
  #lines = []
  #shown = ''
  #time = 0
  #askedTime = Number.NaN
  #isAsking = false

  /** @param {HTMLElement} live The list of the tail, which it takes the place of. */
  constructor(live) {
    this.#live = live
    this.#list.tabIndex = 0
    this.#list.hidden = true
    this.#list.setAttribute('role', 'group')
    this.#list.setAttribute('aria-label', 'Lines of the error log at the moment shown')
    live.after(this.#list)
  }

  /** Shows the lines around a moment, or the tail. @param {number | undefined} time */
  show(time) {
    this.#live.hidden = time !== undefined
    this.#list.hidden = time === undefined
    if (time === undefined) return
    this.#time = time
    this.#mark()
    if (time !== this.#askedTime && !this.#isAsking) void this.#ask()
  }

  async #ask() {
    this.#isAsking = true
    this.#askedTime = this.#time
    const address = addressOf('history/lines')
    address.searchParams.set('at', this.#askedTime.toFixed(6))
    const response = await fetch(address).catch(() => undefined)
    if (response?.ok)
      this.#take(
        /** @type {import('../../src/history/past-messages.ts').PastLines} */ (await response.json()),
      )
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    this.#isAsking = false
    if (this.#time !== this.#askedTime && !this.#list.hidden) void this.#ask()
  }

  /** @param {import('../../src/history/past-messages.ts').PastLines} told */
  #take({ lines }) {
    const shown = JSON.stringify(lines)
    if (shown !== this.#shown) {
      this.#shown = shown
      this.#lines = lines
      delete this.#list.dataset['at']
      this.#list.replaceChildren(...lines.map(({ line }) => make('div', '', line)))
      if (lines.length === 0) this.#list.append(make('div', 'empty', 'Nothing is kept of the log here.'))
    }
    this.#mark()
  }

  /** Marks the last line that had come at the moment. */
  #mark() {
    const at = this.#lines.findLastIndex(({ time }) => time <= this.#time)
    const list = this.#list
    if (list.dataset['at'] === String(at)) return
    list.dataset['at'] = String(at)
    for (const [index, line] of [...list.children].entries()) {
      line.classList.toggle('at', index === at)
      if (index === at) line.setAttribute('aria-current', 'time')
      else line.removeAttribute('aria-current')
      line.classList.toggle('later', index > at && this.#lines.length > 0)
    }
    const line = /** @type {HTMLElement | undefined} */ (list.children[at])
    if (line) list.scrollTop = line.offsetTop - list.offsetTop - (list.clientHeight - line.offsetHeight) / 2
  }
}
