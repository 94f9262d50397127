import { make, makeToggle, say } from '../page/elements.js'
import { MAX_LINES } from './line-styles.js'

/** More than these are not listed at once: a search finds the others. */
const MOST_LISTED = 300

/** All positions of long arrays, drawn or not, with a search field: each is drawn or taken away by a click. */
export class PositionList {
  element = make('details', 'position-list')
  #summary = make('summary')
  #search = make('input')
  #list = make('div', 'list')
  #message = make('p', 'message')
  #onChoose
  #nameOf
  /** @type {readonly number[]} */
  #drawn = []
  #length = 0
  #told = ''

  /**
   * @param {string} topic
   * @param {(position: number) => string} nameOf
   * @param {(positions: readonly number[]) => void} onChoose
   */
  constructor(topic, nameOf, onChoose) {
    this.#nameOf = nameOf
    this.#onChoose = onChoose
    this.#search.type = 'search'
    this.#search.placeholder = 'Search'
    this.#search.setAttribute('aria-label', `Search the positions of ${topic}`)
    this.#message.setAttribute('role', 'status')
    this.#search.addEventListener('input', () => this.#fill())
    this.element.addEventListener('toggle', () => this.#fill())
    this.element.append(this.#summary, this.#search, this.#message, this.#list)
  }

  /** @param {readonly number[]} drawn @param {number} length */
  tell(drawn, length) {
    const told = `${length}: ${drawn.join()}`
    if (told === this.#told) return
    this.#told = told
    this.#drawn = drawn
    this.#length = length
    say(this.#summary, `All ${length}: ${length - drawn.length} not drawn`)
    this.#fill()
  }

  #fill() {
    if (!this.element.open) return
    const wanted = this.#search.value.trim().toLowerCase()
    const found = []
    for (let position = 0; position < this.#length; position++) {
      const name = this.#nameOf(position)
      if (String(position) === wanted || name.toLowerCase().includes(wanted)) found.push(position)
    }
    const left = found.length - MOST_LISTED
    say(this.#message, left > 0 ? `The first ${MOST_LISTED} of ${found.length}: search for the others.` : '')
    this.#list.replaceChildren(...found.slice(0, MOST_LISTED).map((position) => this.#makeItem(position)))
  }

  /** @param {readonly number[]} positions */
  #choose(positions) {
    this.#drawn = positions
    this.#onChoose(positions)
  }

  /** @param {number} position */
  #makeItem(position) {
    const name = this.#nameOf(position)
    const item = makeToggle(name, this.#drawn.includes(position), (on) => {
      if (!on) return this.#choose(this.#drawn.filter((drawn) => drawn !== position))
      if (this.#drawn.length < MAX_LINES)
        return this.#choose([...this.#drawn, position].sort((a, b) => a - b))
      item.setAttribute('aria-pressed', 'false')
      say(this.#message, `${MAX_LINES} lines are drawn at once: take one away first.`)
    })
    item.setAttribute('aria-label', `Draw ${name === String(position) ? `position ${name}` : name}`)
    return item
  }
}
