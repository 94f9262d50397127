import { make, say } from '../page/elements.js'
import { makeSwatch } from './line-styles.js'

/** The newest value of each line, large enough to be read across a room. */
export class BigValues {
  element = make('div', 'big-values')
  #feed
  #write
  /** @type {readonly number[]} */
  #lines = []
  /** @type {HTMLElement[]} */
  #texts = []
  /** @type {HTMLElement[]} */
  #boxes = []

  /** @param {import('./numbers-feed.js').NumbersFeed} feed @param {(line: number, value: number) => string} write */
  constructor(feed, write) {
    this.#feed = feed
    this.#write = write
  }

  /** @param {readonly number[]} lines Those that are shown. */
  draw(lines) {
    if (lines.join() !== this.#lines.join() || this.#texts.length !== lines.length) this.makeLines(lines)
    const { newest } = this.#feed
    for (const [at, line] of lines.entries()) {
      const text = this.#write(line, newest[line])
      say(this.#texts[at], text)
      // A unit is half as large.
      const unit = this.#feed.unitOf(this.#feed.slices.positions[line])
      this.#boxes[at].style.setProperty(
        '--characters',
        String(Math.max(text.length + unit.length / 2 + 1, 5)),
      )
    }
    return lines.length
  }

  /** @param {readonly number[]} lines */
  makeLines(lines) {
    this.#lines = lines
    this.#texts = lines.map(() => make('span', 'number', '–'))
    this.#boxes = lines.map((line, at) => {
      const position = this.#feed.slices.positions[line]
      const name = make('div', 'name')
      name.append(makeSwatch(line), make('span', '', this.#feed.nameOf(position)))
      const value = make('div', 'big')
      value.append(this.#texts[at], make('span', 'unit', this.#feed.unitOf(position)))
      const box = make('div', 'big-value')
      box.append(name, value)
      return box
    })
    this.element.replaceChildren(...this.#boxes)
  }
}
