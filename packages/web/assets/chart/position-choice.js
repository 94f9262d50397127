import { make, say } from '../page/elements.js'
import { MAX_LINES } from './line-styles.js'
import { writePositions } from './stream-choice.js'

/** Positions from here on are recorded only while somebody looks, and the first of them only while there is room. */
const ALWAYS_RECORDED = 16

/** Which positions of long arrays are drawn, as a text: `0-31`, or `5, 17, 100-107`. */
export class PositionChoice {
  element = make('form', 'positions')
  #field = make('input')
  #count = make('span')
  #message = make('span', 'message')
  #length = 0
  #onChoose

  /** @param {string} topic @param {(positions: readonly number[]) => void} onChoose */
  constructor(topic, onChoose) {
    this.#onChoose = onChoose
    this.#field.setAttribute('aria-label', `Positions of ${topic} that are drawn`)
    this.#field.spellcheck = false
    this.#message.setAttribute('role', 'status')
    const label = make('label', '', 'Positions ')
    label.append(this.#field)
    const step = (/** @type {string} */ text, /** @type {string} */ name, /** @type {number} */ by) => {
      const button = make('button', 'chip', text)
      button.setAttribute('type', 'button')
      button.setAttribute('aria-label', `${name} positions of ${topic}`)
      button.addEventListener('click', () => this.#step(by))
      return button
    }
    this.element.append(label, this.#count, step('‹', 'Previous', -1), step('›', 'Next', 1), this.#message)
    this.element.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#read()
    })
    this.#field.addEventListener('change', () => this.#read())
  }

  /** Says which of how many are drawn; where that is all of them there is nothing to choose. @param {readonly number[]} positions @param {number} length */
  tell(positions, length) {
    this.#length = length
    this.element.hidden = length <= MAX_LINES && positions.length === length
    if (document.activeElement !== this.#field) this.#field.value = writePositions(positions, ', ')
    say(this.#count, `of ${length}`)
    this.#field.title =
      `${MAX_LINES} lines are drawn at once. Positions from ${ALWAYS_RECORDED} on are recorded as long as there is ` +
      'room, else from when they are chosen.'
  }

  /** @param {number} by */
  #step(by) {
    const [first = 0] = parsePositions(this.#field.value, this.#length) ?? []
    const last = Math.floor((this.#length - 1) / MAX_LINES) * MAX_LINES
    const from = Math.min(Math.max(Math.floor(first / MAX_LINES) * MAX_LINES + by * MAX_LINES, 0), last)
    this.#field.value = `${from}-${Math.min(from + MAX_LINES, this.#length) - 1}`
    this.#read()
  }

  #read() {
    const positions = parsePositions(this.#field.value, this.#length)
    const example = `Up to ${MAX_LINES} positions from 0 to ${this.#length - 1}, such as 0-7 or 5, 17, 30-34.`
    say(this.#message, positions ? '' : example)
    if (positions) this.#onChoose(positions)
  }
}

/**
 * @param {string} text
 * @param {number} length How many positions there are.
 * @returns {number[] | undefined} Nothing where the text does not say some of them.
 */
export function parsePositions(text, length) {
  const chosen = new Set()
  for (const part of text
    .replace(/\s*[-–]\s*/g, '-')
    .split(/[\s,;]+/)
    .filter(Boolean)) {
    const [, first, last = first] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part) ?? []
    if (first === undefined || Number(last) < Number(first) || Number(last) >= length) return undefined
    if (Number(last) - Number(first) >= MAX_LINES) return undefined
    for (let position = Number(first); position <= Number(last); position++) chosen.add(position)
  }
  return chosen.size > 0 && chosen.size <= MAX_LINES ? [...chosen] : undefined
}
