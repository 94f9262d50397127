import { make } from '../page/elements.js'
import { makeSwatch } from './line-styles.js'
import { formatTime } from '../page/times.js'

/** More than these would cover the chart; the legend has all of them. */
const MOST_ROWS = 12
/** Between the cursor and what it says. */
const APART_PX = 14

/** Time and values under the cursor, beside it. */
export class CursorReadout {
  element = make('div', 'readout')
  #line = make('div', 'crosshair')
  #box = make('div', 'box')
  #chart
  #feed
  #view
  #write
  /** Where the pointer is over this chart, from its left. @type {number | undefined} */
  #pointerLeft

  /**
   * @param {HTMLElement} holder Of the chart.
   * @param {import('./numbers-chart.js').NumbersChart} chart
   * @param {import('./numbers-feed.js').NumbersFeed} feed
   * @param {import('./time-view.js').TimeView} view
   * @param {(line: number, value: number) => string} write Writes a value of a line.
   */
  constructor(holder, chart, feed, view, write) {
    this.#chart = chart
    this.#feed = feed
    this.#view = view
    this.#write = write
    this.element.append(this.#line, this.#box)
    this.element.hidden = true
    holder.append(this.element)
    holder.addEventListener('pointermove', (event) => {
      const over = chart.plot?.over.getBoundingClientRect()
      if (!over) return
      const left = event.clientX - over.left
      this.#pointerLeft = left >= 0 && left <= over.width ? left : undefined
      this.follow()
    })
    const leave = () => {
      this.#pointerLeft = undefined
      view.cursor = undefined
    }
    holder.addEventListener('pointerleave', leave)
    holder.addEventListener('blur', leave)
    view.onCursor(() => this.show())
  }

  /** Time and values, as a sentence; empty where there is no cursor. */
  get text() {
    const { points, lines } = this.#chart
    const at = this.at
    if (at < 0) return ''
    const values = lines.slice(0, MOST_ROWS).map((line) => {
      const position = this.#feed.slices.positions[line]
      return `${this.#feed.nameOf(position)} ${this.#valueText(line, points.lines[line][at])}`
    })
    return `${formatTime(points.times[at])}: ${values.join(', ')}`
  }

  /** The point under the cursor; -1 where there is none. */
  get at() {
    const { cursor } = this.#view
    const { times, lines } = this.#chart.points
    const { start, end } = this.#chart.shown
    if (cursor === undefined || cursor < start || cursor > end) return -1
    // What had not come yet is not of the moment.
    const isMoment = cursor === this.#view.moment?.time
    let nearest = -1
    for (let at = 0; at < times.length; at++) {
      if (isMoment && times[at] > cursor && nearest >= 0) break
      if (lines.every((values) => typeof values[at] !== 'number')) continue
      if (nearest < 0 || Math.abs(times[at] - cursor) < Math.abs(times[nearest] - cursor)) nearest = at
    }
    return nearest
  }

  /** Goes with the pointer, while the time moves under it. */
  follow() {
    const { plot } = this.#chart
    if (this.#pointerLeft === undefined || !plot) return this.show()
    const before = this.#view.cursor
    this.#view.cursor = plot.posToVal(this.#pointerLeft, 'x')
    if (this.#view.cursor === before) this.show()
  }

  show() {
    const { plot, points, lines } = this.#chart
    const at = this.at
    this.element.hidden = at < 0 || !plot
    if (at < 0 || !plot) return
    const time = points.times[at]
    const holder = this.element.getBoundingClientRect()
    const over = plot.over.getBoundingClientRect()
    const shown = this.#view.cursor === this.#view.moment?.time ? (this.#view.cursor ?? time) : time
    const x = over.left - holder.left + plot.valToPos(shown, 'x')
    Object.assign(this.#line.style, {
      left: `${x}px`,
      top: `${over.top - holder.top}px`,
      height: `${over.height}px`,
    })
    const rows = lines.slice(0, MOST_ROWS).map((line) => this.#makeRow(line, at))
    const more =
      lines.length > MOST_ROWS ? [make('div', 'more', `${lines.length - MOST_ROWS} more in the list`)] : []
    this.#box.replaceChildren(make('div', 'time', formatTime(time)), ...rows, ...more)
    const { width } = this.#box.getBoundingClientRect()
    const left = x + APART_PX + width > holder.width ? x - APART_PX - width : x + APART_PX
    this.#box.style.left = `${Math.max(Math.min(left, holder.width - width), 0)}px`
  }

  /** @param {number} line @param {number | null | undefined} value */
  #valueText(line, value) {
    const unit = this.#feed.unitOf(this.#feed.slices.positions[line])
    return typeof value === 'number' ? `${this.#write(line, value)} ${unit}`.trim() : '–'
  }

  /** @param {number} line @param {number} at */
  #makeRow(line, at) {
    const { lines, least, greatest } = this.#chart.points
    const position = this.#feed.slices.positions[line]
    const [value, low, high] = [lines[line][at], least[line][at], greatest[line][at]]
    const row = make('div', 'row')
    row.append(
      makeSwatch(line),
      make('span', 'name', this.#feed.nameOf(position)),
      make('b', '', this.#valueText(line, value)),
    )
    // What makes one point may have gone far.
    const isSpread = typeof low === 'number' && typeof high === 'number' && low < high
    if (isSpread)
      row.append(make('span', 'spread', `${this.#write(line, low)} to ${this.#write(line, high)}`))
    return row
  }
}
