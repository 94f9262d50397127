import { make } from '../page/elements.js'
import { formatTime } from '../page/times.js'

/** More than a screen holds. */
const MOST_ROWS = 50

/** The newest rows, the newest of all at the top: of each tenth of a second the newest value of each line. */
export class RowsTable {
  element = make('div', 'rows-table')
  #feed
  #write
  #head = make('thead')
  #body = make('tbody')
  #heads = ''

  /** @param {string} topic @param {import('./numbers-feed.js').NumbersFeed} feed @param {(line: number, value: number) => string} write */
  constructor(topic, feed, write) {
    this.#feed = feed
    this.#write = write
    const table = make('table')
    const caption = make('caption', '', `The newest row of each tenth of a second, up to ${MOST_ROWS}`)
    table.append(caption, this.#head, this.#body)
    this.element.tabIndex = 0
    this.element.setAttribute('role', 'region')
    this.element.setAttribute('aria-label', `Newest rows of ${topic}`)
    this.element.append(table)
  }

  /** @param {readonly number[]} lines Those that are shown. @param {number} until Seconds since the Unix epoch. */
  draw(lines, until) {
    const { slices } = this.#feed
    this.#tellHeads(lines)
    const end = Math.min(slices.find(until + 1e-6), slices.end)
    const rows = []
    for (let ordinal = end - 1; ordinal >= slices.start && rows.length < MOST_ROWS; ordinal--) {
      const row = make('tr')
      const time = make('th', '', formatTime(slices.timeOf(ordinal)))
      time.scope = 'row'
      const cells = lines.map((line) => make('td', '', this.#write(line, slices.read(ordinal, line, 2))))
      row.append(time, ...cells)
      rows.push(row)
    }
    this.#body.replaceChildren(...rows)
    return rows.length * lines.length
  }

  /** @param {readonly number[]} lines */
  #tellHeads(lines) {
    const texts = lines.map((line) => {
      const position = this.#feed.slices.positions[line]
      const unit = this.#feed.unitOf(position)
      return unit ? `${this.#feed.nameOf(position)} (${unit})` : this.#feed.nameOf(position)
    })
    if (texts.join('\n') === this.#heads) return
    this.#heads = texts.join('\n')
    const row = make('tr')
    row.append(
      ...['time', ...texts].map((text) => {
        const head = make('th', '', text)
        head.scope = 'col'
        return head
      }),
    )
    this.#head.replaceChildren(row)
  }
}
