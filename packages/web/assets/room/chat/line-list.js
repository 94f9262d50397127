import { make } from '../../page/elements.js'
import { dayOf, isTogether, makeLine } from './chat-line.js'

/**
 * The lines of the chat in the page, each once, by their number.
 *
 * @typedef {import('./chat-line.js').ChatLine} ChatLine
 *
 * @typedef {object} ShownLine
 * @property {ChatLine} line
 * @property {HTMLElement} element
 * @property {HTMLElement | undefined} day The name of its day, above it.
 */

export class LineList {
  #list
  #onMake
  /** @type {ShownLine[]} */
  #lines = []

  /** @param {HTMLElement} list @param {(line: ChatLine, element: HTMLElement) => void} onMake Adds what belongs to a line. */
  constructor(list, onMake) {
    this.#list = list
    this.#onMake = onMake
  }

  get size() {
    return this.#lines.length
  }

  /** Numbers of the oldest and the newest line. */
  get range() {
    return {
      oldest: this.#lines[0]?.line.id ?? Number.POSITIVE_INFINITY,
      newest: this.#lines.at(-1)?.line.id ?? 0,
    }
  }

  /** Lines in the page, oldest first. */
  *elements() {
    for (const { element } of this.#lines) yield element
  }

  /** Adds lines, oldest first, before or after those that are there. @param {readonly ChatLine[]} lines @returns {ChatLine[]} Those that were not there yet. */
  add(lines) {
    const { oldest, newest } = this.range
    const older = lines.filter(({ id }) => id < oldest && newest > 0)
    const newer = lines.filter(({ id }) => id > newest)
    if (older.length > 0) this.#prepend(older)
    for (const line of newer) this.#append(line)
    return [...older, ...newer]
  }

  /** A host has taken a line away. @param {number} id @param {string} text What is said in its place. */
  remove(id, text) {
    const shown = this.#lines.find(({ line }) => line.id === id)
    if (!shown) return
    shown.element.classList.add('gone')
    shown.element.querySelector('.line-more')?.remove()
    const words = shown.element.querySelector('.line-text')
    if (words) words.textContent = text
  }

  /** Numbers of the lines from one on. @param {number} from */
  numbersFrom(from) {
    return this.#lines.map(({ line }) => line.id).filter((id) => id >= from)
  }

  /** Forgets the oldest lines above a limit. @param {number} limit */
  trim(limit) {
    for (const { element, day } of this.#lines.splice(0, Math.max(0, this.#lines.length - limit))) {
      element.remove()
      day?.remove()
    }
    this.#decorate(0)
  }

  clear() {
    this.#lines = []
    this.#list.replaceChildren()
  }

  /** @param {readonly ChatLine[]} lines */
  #prepend(lines) {
    const before = this.#lines[0]
    const made = lines.map((line) => this.#make(line))
    const first = before?.day ?? before?.element ?? null
    for (const { element } of made) this.#list.insertBefore(element, first)
    this.#lines = [...made, ...this.#lines]
    for (let index = 0; index <= made.length; index++) this.#decorate(index)
  }

  /** @param {ChatLine} line */
  #append(line) {
    const made = this.#make(line)
    this.#list.append(made.element)
    this.#lines.push(made)
    this.#decorate(this.#lines.length - 1)
  }

  /** @param {ChatLine} line @returns {ShownLine} */
  #make(line) {
    const element = makeLine(line)
    this.#onMake(line, element)
    return { line, element, day: undefined }
  }

  /** A line's name and day are shown where they differ from those above it. @param {number} index */
  #decorate(index) {
    const shown = this.#lines[index]
    if (!shown) return
    const before = this.#lines[index - 1]?.line
    const day = dayOf(shown.line.time)
    const isOtherDay = day !== dayOf(before?.time ?? Date.now() / 1000)
    shown.element.classList.toggle('first', isOtherDay || !isTogether(before, shown.line))
    if (isOtherDay && !shown.day) {
      shown.day = make('li', 'day', day)
      shown.element.before(shown.day)
    } else if (!isOtherDay) {
      shown.day?.remove()
      shown.day = undefined
    }
  }
}
