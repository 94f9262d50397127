import { make, say } from '../page/elements.js'
import { makeSwatch } from './line-styles.js'

/**
 * The lines of a chart with what is shown of each: the newest value or the one under the cursor, least, greatest, mean.
 * A click hides a line or shows it, with Shift it shows that line alone, or all again.
 *
 * @typedef {object} Row
 * @property {HTMLButtonElement} button
 * @property {HTMLElement[]} cells
 * @property {HTMLElement} row
 *
 * @typedef {object} LegendListeners
 * @property {(position: number) => void} onToggle
 * @property {(position: number) => void} onAlone
 * @property {(line: number) => void} onMark The pointer or the keyboard is at a line; -1 where it is at none.
 */

const HEADS = [
  ['last', 'The newest value, or the one under the cursor'],
  ['least', 'The least value of the time that is shown'],
  ['greatest', 'The greatest value of the time that is shown'],
  ['mean', 'The mean of what is shown: of the newest value of each tenth of a second'],
]

export class Legend {
  element = make('div', 'legend')
  #listeners
  #last = make('th')
  #body = make('tbody')
  /** @type {Row[]} */
  #rows = []

  /** @param {string} topic @param {LegendListeners} listeners */
  constructor(topic, listeners) {
    this.#listeners = listeners
    const table = make('table')
    table.setAttribute('aria-label', `Values of ${topic}`)
    const heads = HEADS.map(([text, title], at) => {
      const head = at === 0 ? this.#last : make('th')
      say(head, text)
      head.title = title
      head.scope = 'col'
      return head
    })
    const line = make('th', 'line', 'line')
    line.scope = 'col'
    const head = make('thead')
    const row = make('tr')
    row.append(line, ...heads)
    head.append(row)
    table.append(head, this.#body)
    this.element.append(table)
  }

  /**
   * Begins with these lines.
   *
   * @param {readonly { position: number, name: string, unit: string, shown: boolean }[]} lines
   */
  makeRows(lines) {
    const hadFocus = this.#rows.findIndex(({ button }) => button === document.activeElement)
    this.#rows = lines.map(({ position, name, unit, shown }, line) => {
      const button = make('button', 'line')
      button.type = 'button'
      button.append(makeSwatch(line), make('span', 'name', name))
      if (unit) button.append(make('span', 'unit', unit))
      button.setAttribute('aria-label', name === String(position) ? `Position ${name}` : name)
      button.setAttribute('aria-pressed', String(shown))
      button.title = 'Click to hide or show, Shift-click to show this one alone'
      // Some browsers do not tell of Shift where a key presses a button.
      button.addEventListener('keydown', (event) => {
        if (!event.shiftKey || (event.key !== 'Enter' && event.key !== ' ')) return
        event.preventDefault()
        this.#listeners.onAlone(position)
      })
      button.addEventListener('click', (event) => {
        if (event.shiftKey) this.#listeners.onAlone(position)
        else this.#listeners.onToggle(position)
      })
      const row = make('tr')
      row.addEventListener('pointerenter', () => this.#listeners.onMark(line))
      row.addEventListener('pointerleave', () => this.#listeners.onMark(-1))
      button.addEventListener('focus', () => button.matches(':focus-visible') && this.#listeners.onMark(line))
      button.addEventListener('blur', () => this.#listeners.onMark(-1))
      const head = make('th', 'line')
      head.scope = 'row'
      head.append(button)
      const cells = HEADS.map((_, at) => make('td', at === 0 ? 'value' : ''))
      row.append(head, ...cells)
      return { button, cells, row }
    })
    this.#body.replaceChildren(...this.#rows.map(({ row }) => row))
    if (hadFocus >= 0) this.#rows[hadFocus]?.button.focus()
  }

  /** Says which lines are shown. @param {(line: number) => boolean} isShown */
  press(isShown) {
    for (const [line, { button }] of this.#rows.entries())
      button.setAttribute('aria-pressed', String(isShown(line)))
  }

  /** Says the values of a line: last, least, greatest, mean. @param {number} line @param {readonly string[]} texts */
  tell(line, texts) {
    for (const [at, text] of texts.entries()) {
      const cell = this.#rows[line]?.cells[at]
      if (cell) say(cell, text)
    }
  }

  /** What the first values are of: the newest, or a time. @param {string} text */
  tellTime(text) {
    say(this.#last, text)
  }
}
