import { make } from './elements.js'

const MAX_LINES = 200
/** The end of the list is in sight, give or take so many pixels. */
const AT_END_PX = 20

/** The tail of the error log. */
export class LogList {
  #list
  #run = ''
  #next = 0

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list
  }

  /** What to ask for: the lines from here on, of this run of the dashboard. */
  get query() {
    return `log=${this.#next}&run=${this.#run}`
  }

  /** @param {{ run: string, next: number, lines: string[] }} log */
  show(log) {
    const list = this.#list
    // A dashboard that was started again counts from the beginning.
    if (log.run !== this.#run) list.replaceChildren()
    this.#run = log.run
    this.#next = log.next
    if (log.lines.length === 0) {
      if (list.childElementCount === 0) list.append(make('div', 'empty', 'Nothing went wrong so far.'))
      return
    }
    list.querySelector('.empty')?.remove()
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < AT_END_PX
    list.append(...log.lines.map((line) => make('div', '', line)))
    while (list.childElementCount > MAX_LINES) list.firstElementChild?.remove()
    if (atEnd) list.scrollTop = list.scrollHeight
  }
}
