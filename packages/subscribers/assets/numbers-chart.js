import { LiveSocket } from './live-socket.js'
import { NumberSlices } from './number-slices.js'

/**
 * A live chart of arrays of numbers, a line for each position. The server sends what came in slices, and what is drawn
 * is thinned out to what a screen can show, so neither memory nor work grows with time or rate.
 */

const COLOURS = ['#58b8ff', '#f2a65a', '#6fd3a4', '#e57fa6', '#b59cff', '#d9cf5f', '#62d0d8', '#f08a7a']
/** A line that turns more often than this is a block of colour. */
const PIXELS_PER_POINT = 3
const DRAW_MS = 100
/** From so many points on, drawing takes time that the other pictures on the page need. */
const DENSE_POINTS = 400
const DENSE_DRAW_MS = 250
const SILENT_DRAW_MS = 1000
/** The bands of more lines than this would cover each other. */
const MAX_BANDS = 3
const BAND_ALPHA = 0.13

/** @param {unknown} _plot @param {number[]} times */
function formatTimes(_plot, times) {
  return times.map((time) => new Date(time * 1000).toLocaleTimeString([], { hour12: false }))
}

/** Waits until what was drawn is on the screen: the second frame begins after the first was shown. */
function onScreen() {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
}

export class NumbersChart {
  #socket
  #plot
  #holder
  #onColumns
  #windowSeconds = 60
  #slices = new NumberSlices()
  /** @type {import('./number-slices.js').Points} */
  #points = { times: [], lines: [], least: [], greatest: [] }
  #drawnAtMs = 0
  /** @type {number | undefined} */
  #pausedAtMs
  #stale = false
  /** @type {Promise<void> | undefined} */
  #drawing

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
    // In silence, the time still goes on.
    setInterval(() => {
      if (performance.now() - this.#drawnAtMs >= SILENT_DRAW_MS) void this.#drawSoon()
    }, SILENT_DRAW_MS)
  }

  /** The newest value of each position that is known. */
  get newest() {
    return this.#slices.newest
  }

  /** @param {boolean} paused */
  set paused(paused) {
    this.#socket.paused = paused
    this.#pausedAtMs = paused ? performance.now() : undefined
  }

  /** @param {number} seconds */
  set windowSeconds(seconds) {
    this.#windowSeconds = seconds
    if (!this.#socket.paused) void this.#drawSoon()
    else this.#draw()
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
    if (this.#slices.take(buffer)) {
      this.#makePlot()
      this.#onColumns(this.#slices.columns)
    }
    await this.#drawSoon()
  }

  /** Draws what is there; while the last drawing is on its way to the screen, afterwards. */
  #drawSoon() {
    this.#stale = true
    // What was on its way when the person paused waits.
    if (this.#canDraw) this.#drawing ??= this.#drawWhileStale()
    return this.#drawing
  }

  get #canDraw() {
    return !this.#socket.paused && !document.hidden
  }

  async #drawWhileStale() {
    while (this.#stale && this.#canDraw) {
      this.#stale = false
      this.#draw()
      const dense = this.#points.times.length * this.#slices.columns > DENSE_POINTS
      const pause = new Promise((resolve) => setTimeout(resolve, dense ? DENSE_DRAW_MS : DRAW_MS))
      await Promise.all([pause, onScreen()])
    }
    this.#drawing = undefined
  }

  #makePlot() {
    this.#plot?.destroy()
    const style = getComputedStyle(document.documentElement)
    const axis = { stroke: style.getPropertyValue('--quiet'), font: '11px system-ui, sans-serif' }
    const line = { stroke: style.getPropertyValue('--line'), width: 1 }
    const lines = Array.from({ length: this.#slices.columns }, (_, position) => ({
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
      scales: { x: { time: true }, y: { range: () => this.#range() } },
      axes: [
        { ...axis, grid: { show: false }, ticks: line, space: 60, values: formatTimes },
        { ...axis, grid: line, ticks: { show: false }, size: 56, space: 44 },
      ],
      series: [{}, ...lines],
      hooks: { drawAxes: [() => this.#drawBands()] },
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

  #draw() {
    if (!this.#plot || this.#slices.empty) return
    const most = Math.max(this.#plot.bbox.width / devicePixelRatio / PIXELS_PER_POINT, 20)
    const { start, end, ...points } = this.#slices.thin(
      this.#windowSeconds,
      most,
      this.#pausedAtMs ?? performance.now(),
    )
    this.#points = points
    this.#drawnAtMs = performance.now()
    this.#plot.batch(() => {
      this.#plot.setData([points.times, ...points.lines], false)
      this.#plot.setScale('x', { min: start, max: end })
    })
  }

  /** The positions that are shown. @returns {number[]} */
  get #shown() {
    const positions = [...this.#points.lines.keys()]
    return positions.filter((position) => this.#plot?.series[position + 1]?.show !== false)
  }

  /** Whether the bands, from the least to the greatest, are shown: where they could be told apart. */
  get #hasBands() {
    return this.#shown.length <= MAX_BANDS
  }

  #range() {
    let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const { lines, least: lows, greatest: highs } = this.#points
    const shown = this.#shown
    for (const values of [this.#hasBands ? lows : lines, this.#hasBands ? highs : lines]) {
      for (const value of shown.flatMap((position) => values[position])) {
        if (value === null) continue
        least = Math.min(least, value)
        greatest = Math.max(greatest, value)
      }
    }
    if (least > greatest) return [0, 1]
    return /** @type {any} */ (globalThis).uPlot.rangeNum(least, greatest, 0.1, true)
  }

  #drawBands() {
    if (!this.#plot || !this.#hasBands) return
    const { ctx, bbox } = this.#plot
    const { times, least, greatest } = this.#points
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
    ctx.clip()
    ctx.globalAlpha = BAND_ALPHA
    for (const position of this.#shown) {
      ctx.fillStyle = NumbersChart.colour(position)
      for (let from = 0, at = 0; at <= times.length; at++) {
        if (at < times.length && least[position][at] !== null) continue
        this.#fillBand(times, least[position], greatest[position], from, at)
        from = at + 1
      }
    }
    ctx.restore()
  }

  /**
   * @param {number[]} times
   * @param {import('./number-slices.js').Values} least
   * @param {import('./number-slices.js').Values} greatest
   * @param {number} from
   * @param {number} end
   */
  #fillBand(times, least, greatest, from, end) {
    const { ctx } = this.#plot
    const lineTo = (/** @type {number} */ at, /** @type {number | null} */ value) =>
      ctx.lineTo(this.#plot.valToPos(times[at], 'x', true), this.#plot.valToPos(value, 'y', true))
    ctx.beginPath()
    for (let at = from; at < end; at++) lineTo(at, greatest[at])
    for (let at = end - 1; at >= from; at--) lineTo(at, least[at])
    ctx.fill()
  }
}
