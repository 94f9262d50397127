import { LiveSocket } from './live-socket.js'

/**
 * A live chart of arrays of numbers, a line for each position. The server sends what came in slices of a tenth of a
 * second, each with the least and the greatest value; a ring of them holds the last minutes, and what is drawn is cut
 * down further to the least and greatest of each pixel. So neither memory nor work grows with time or rate.
 */

const COLOURS = ['#58b8ff', '#f2a65a', '#6fd3a4', '#e57fa6', '#b59cff', '#d9cf5f', '#62d0d8', '#f08a7a']
const CAPACITY = 6000
const FRAME_MS = 100
const HEADER_BYTES = 32

/** @param {unknown} _plot @param {number[]} times */
function formatTimes(_plot, times) {
  return times.map((time) => new Date(time * 1000).toLocaleTimeString([], { hour12: false }))
}

export class NumbersChart {
  #socket
  #plot
  #holder
  #onColumns
  #windowSeconds = 60
  #columns = 0
  #generation = -1
  #stride = 0
  #ring = new Float64Array(0)
  #next = 0
  #oldest = 0
  /** @type {Float64Array[]} */
  #drawn = []

  /**
   * @param {string} topic
   * @param {HTMLElement} holder
   * @param {(columns: number) => void} onColumns Called when the number of lines is known, or is another.
   * @param {(link: import('./live-socket.js').Link) => void} onLink
   */
  constructor(topic, holder, onColumns, onLink) {
    this.#holder = holder
    this.#onColumns = onColumns
    this.#plot = /** @type {any} */ (undefined)
    this.#socket = new LiveSocket('numbers', topic, {
      onBinary: (data) => this.#take(data),
      onText: () => {},
      onLink,
    })
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(holder)
  }

  /** The newest value of each position that is known. */
  get newest() {
    if (this.#next === this.#oldest) return []
    const at = ((this.#next - 1) % CAPACITY) * this.#stride
    return Array.from({ length: this.#columns }, (_, column) => this.#ring[at + 3 + 2 * column])
  }

  /** @param {boolean} paused */
  set paused(paused) {
    this.#socket.paused = paused
    if (!paused) this.#draw()
  }

  /** @param {number} seconds */
  set windowSeconds(seconds) {
    this.#windowSeconds = seconds
    this.#draw()
  }

  /** The colour of a position. @param {number} position */
  static colour(position) {
    return COLOURS[position % COLOURS.length]
  }

  /** Shows or hides a line. @param {number} position @param {boolean} show */
  show(position, show) {
    this.#plot?.setSeries(position + 1, { show })
  }

  /** @param {ArrayBuffer} buffer */
  async #take(buffer) {
    const view = new DataView(buffer)
    if (view.getUint8(0) !== 1 || view.getUint8(1) !== 2) return
    const columns = view.getUint32(4, true)
    const count = view.getUint32(8, true)
    const generation = view.getUint32(12, true)
    const first = view.getFloat64(16, true)
    if (generation !== this.#generation || columns !== this.#columns || first > this.#next)
      this.#restart(columns, first)
    this.#generation = generation
    const slices = new Float64Array(buffer, HEADER_BYTES)
    for (let index = 0; index < count; index++) {
      const slice = slices.subarray(index * this.#stride, (index + 1) * this.#stride)
      this.#ring.set(slice, ((first + index) % CAPACITY) * this.#stride)
    }
    this.#next = first + count
    this.#oldest = Math.max(this.#oldest, this.#next - CAPACITY)
    // What was on its way when the person paused waits in the ring.
    if (!this.#socket.paused) this.#draw()
    // The eye needs no more than this, and the other pictures on the page need the time.
    await new Promise((resolve) => setTimeout(resolve, FRAME_MS))
  }

  /** @param {number} columns @param {number} first */
  #restart(columns, first) {
    this.#next = first
    this.#oldest = first
    if (columns === this.#columns) return
    this.#columns = columns
    this.#stride = 2 + 2 * columns
    this.#ring = new Float64Array(CAPACITY * this.#stride)
    this.#drawn = Array.from({ length: columns + 1 }, () => new Float64Array(2 * CAPACITY))
    this.#makePlot()
    this.#onColumns(columns)
  }

  #makePlot() {
    this.#plot?.destroy()
    const style = getComputedStyle(document.documentElement)
    const axis = { stroke: style.getPropertyValue('--quiet'), font: '11px system-ui, sans-serif' }
    const line = { stroke: style.getPropertyValue('--line'), width: 1 }
    const lines = Array.from({ length: this.#columns }, (_, position) => ({
      label: String(position),
      stroke: NumbersChart.colour(position),
      width: 1.25,
      points: { show: false },
    }))
    const options = {
      ...this.#size(),
      pxAlign: 0,
      legend: { show: false },
      cursor: { points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: true } },
      axes: [
        { ...axis, grid: { show: false }, ticks: line, space: 80, values: formatTimes },
        { ...axis, grid: line, ticks: { show: false }, size: 56, space: 44 },
      ],
      series: [{}, ...lines],
    }
    // uPlot is a plain script of its own; it brings one global.
    this.#plot = new /** @type {any} */ (globalThis).uPlot(options, [[]], this.#holder)
  }

  #size() {
    return {
      width: Math.max(this.#holder.clientWidth, 100),
      height: Math.max(this.#holder.clientHeight, 100),
    }
  }

  #timeOf(/** @type {number} */ ordinal) {
    return this.#ring[(ordinal % CAPACITY) * this.#stride]
  }

  #draw() {
    if (!this.#plot || this.#next === this.#oldest) return
    const end = this.#timeOf(this.#next - 1)
    const start = end - this.#windowSeconds
    let from = this.#next - 1
    // One more than is in sight, so that the line comes in from the edge.
    while (from > this.#oldest && this.#timeOf(from) > start) from -= 1
    const merged = Math.max(
      1,
      Math.ceil((this.#next - from) / Math.max(this.#plot.bbox.width / devicePixelRatio, 50)),
    )
    // Whole groups counted from the start of all: a group keeps its members while it moves, so nothing flickers.
    from = Math.max(Math.floor(from / merged) * merged, this.#oldest)
    let length = 0
    for (let ordinal = from; ordinal < this.#next;) {
      const groupEnd = Math.min((Math.floor(ordinal / merged) + 1) * merged, this.#next)
      length = this.#mergeGroup(ordinal, groupEnd, length)
      ordinal = groupEnd
    }
    const data = this.#drawn.map((values) => values.subarray(0, length))
    this.#plot.batch(() => {
      this.#plot.setData(data, false)
      this.#plot.setScale('x', { min: start, max: end })
    })
  }

  /** Adds the least and the greatest of some slices; one point where they hold a single array. @returns {number} */
  #mergeGroup(/** @type {number} */ from, /** @type {number} */ end, /** @type {number} */ length) {
    const [times, ...lines] = this.#drawn
    const begun = this.#timeOf(from)
    const single = end - from === 1 && this.#ring[(from % CAPACITY) * this.#stride + 1] === 1
    if (times) {
      times[length] = begun
      times[length + 1] = (begun + this.#timeOf(end - 1)) / 2
      if (times[length + 1] === begun) times[length + 1] = begun + 0.05
    }
    for (const [column, values] of lines.entries()) {
      let least = Number.POSITIVE_INFINITY
      let greatest = Number.NEGATIVE_INFINITY
      for (let ordinal = from; ordinal < end; ordinal++) {
        const at = (ordinal % CAPACITY) * this.#stride + 2 + 2 * column
        least = Math.min(least, this.#ring[at])
        greatest = Math.max(greatest, this.#ring[at + 1])
      }
      values[length] = least
      values[length + 1] = greatest
    }
    return length + (single ? 1 : 2)
  }
}
