import { drawExtents } from './extents.js'
import { colourOf, dashesOf } from './line-styles.js'
import { LiveSocket } from './live-socket.js'
import { noPoints, thin } from './number-points.js'
import { NumberSlices } from './number-slices.js'
import { ValueAxis } from './value-axis.js'
import { rangeOf } from './value-ticks.js'

/**
 * A live chart of arrays of numbers, a line for each position. The server sends what came in slices, and what is drawn
 * is thinned out to what a screen can show, so neither memory nor work grows with time or rate.
 */

/** A line that turns more often than this is a block of colour. */
const PIXELS_PER_POINT = 3
/** So that a level line has its full colour, wherever it lies between two pixels. */
const LINE_PX = 2
/** How long after a drawing of more than so many points comes the next: it takes time that the page's pictures need. */
const PAUSES_MS = [
  [5000, 500],
  [400, 250],
  [0, 100],
]
const SILENT_DRAW_MS = 1000
/** Over what is drawn, and to the right: half a label must fit there. */
const PADDING_PX = { top: 10, right: 30 }

/** The least and the greatest of nothing. */
const NOTHING = /** @type {const} */ ([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])

const CLOCK = new Intl.DateTimeFormat([], { timeStyle: 'medium', hourCycle: 'h23' })

/** @param {unknown} _plot @param {number[]} times */
function formatTimes(_plot, times) {
  return times.map((time) => CLOCK.format(time * 1000))
}

/** Waits until what was drawn is on the screen: the second frame begins after the first was shown. */
function onScreen() {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
}

export class NumbersChart {
  #socket
  #plot
  #holder
  #onPositions
  #windowSeconds = 60
  /** @type {readonly number[]} */
  #chosen = []
  /** Positions. @type {Set<number>} */
  #hidden = new Set()
  #slices = new NumberSlices()
  #points = noPoints(0)
  /** The least and the greatest of each line. @type {(readonly [number, number])[]} */
  #extremes = []
  #drawnAtMs = 0
  /** @type {number | undefined} */
  #pausedAtMs
  #stale = false
  /** @type {Promise<void> | undefined} */
  #drawing

  /**
   * @param {string} topic
   * @param {HTMLElement} holder
   * @param {(positions: readonly number[], length: number) => void} onPositions Called when it is known which
   *   positions of how many have a line, and when these are others.
   */
  constructor(topic, holder, onPositions) {
    this.#holder = holder
    this.#onPositions = onPositions
    this.#plot = /** @type {any} */ (undefined)
    this.#socket = new LiveSocket('numbers', topic, {
      onBinary: (data) => this.#take(data),
      onText: () => {},
      onOpen: () => this.#sendChosen(),
      onLink: () => {},
    })
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(holder)
    // In silence, the time still goes on.
    setInterval(() => {
      if (performance.now() - this.#drawnAtMs >= SILENT_DRAW_MS) void this.#drawSoon()
    }, SILENT_DRAW_MS)
  }

  /** Of each line its newest value, and the least and the greatest of what is shown; NaN where nothing is known. */
  get values() {
    return this.#slices.newest.map((value, line) => {
      const [low, high] = this.#extremes[line] ?? [value, value]
      return { value, least: Math.min(low, value), greatest: Math.max(high, value) }
    })
  }

  /** Whether nothing is asked for. */
  get paused() {
    return this.#socket.paused
  }

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

  /** Draws these positions, rather than the first ones. @param {readonly number[]} positions */
  choose(positions) {
    this.#chosen = positions
    this.#sendChosen()
  }

  /** Shows or hides the line of a position. @param {number} position @param {boolean} show */
  show(position, show) {
    if (show) this.#hidden.delete(position)
    else this.#hidden.add(position)
    this.#plot?.setSeries(this.#slices.positions.indexOf(position) + 1, { show })
  }

  /** Whether the line of a position is shown. @param {number} position */
  isShown(position) {
    return !this.#hidden.has(position)
  }

  #sendChosen() {
    if (this.#chosen.length > 0) this.#socket.send(`positions ${this.#chosen.join()}`)
  }

  /** @param {ArrayBuffer} buffer */
  async #take(buffer) {
    const { length } = this.#slices
    const changed = this.#slices.take(buffer)
    if (changed) {
      this.#makePlot()
      this.#draw()
    }
    if (changed || length !== this.#slices.length) {
      this.#onPositions(this.#slices.positions, this.#slices.length)
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
      const count = this.#points.times.length * this.#points.lines.length
      const [, pauseMs] = PAUSES_MS.find(([least]) => count >= least) ?? []
      await Promise.all([new Promise((resolve) => setTimeout(resolve, pauseMs)), onScreen()])
    }
    this.#drawing = undefined
  }

  #makePlot() {
    this.#plot?.destroy()
    const style = getComputedStyle(document.documentElement)
    const colours = { text: style.getPropertyValue('--quiet'), line: style.getPropertyValue('--line') }
    const valueAxis = new ValueAxis(colours)
    const ticks = { stroke: colours.line, width: 1 }
    const timeAxis = {
      stroke: colours.text,
      font: '11px system-ui, sans-serif',
      grid: { show: false },
      ticks,
    }
    const lines = this.#slices.positions.map((position, line) => ({
      label: String(position),
      stroke: colourOf(line),
      dash: dashesOf(line),
      show: this.isShown(position),
      width: LINE_PX,
      points: { show: false },
    }))
    this.#points = noPoints(lines.length)
    this.#extremes = []
    const options = {
      ...this.#size(),
      pxAlign: 0,
      padding: [PADDING_PX.top, PADDING_PX.right, 0, (/** @type {any} */ plot) => valueAxis.width(plot)],
      legend: { show: false },
      cursor: { points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: true }, y: { range: () => this.#range() } },
      axes: [{ ...timeAxis, space: 60, values: formatTimes }, { show: false }],
      series: [{}, ...lines],
      hooks: {
        drawAxes: [
          (/** @type {any} */ plot) => valueAxis.draw(plot),
          (/** @type {any} */ plot) => drawExtents(plot, this.#points, this.#shown, colourOf),
        ],
      },
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
    const nowMs = this.#pausedAtMs ?? performance.now()
    const { start, end, ...points } = thin(this.#slices, this.#windowSeconds, most, nowMs)
    this.#points = points
    this.#extremes = points.least.map((least, line) => extremesOf(least, points.greatest[line]))
    this.#drawnAtMs = performance.now()
    this.#plot.batch(() => {
      this.#plot.setData([points.times, ...points.lines], false)
      this.#plot.setScale('x', { min: start, max: end })
    })
  }

  /** The lines that are shown. */
  get #shown() {
    const { positions } = this.#slices
    return [...positions.keys()].filter((line) => this.isShown(positions[line]))
  }

  #range() {
    const extremes = this.#shown.map((line) => this.#extremes[line] ?? NOTHING)
    return rangeOf(Math.min(...extremes.map(([low]) => low)), Math.max(...extremes.map(([, high]) => high)))
  }
}

/**
 * @param {import('./number-points.js').Values} least
 * @param {import('./number-points.js').Values} greatest
 */
function extremesOf(least, greatest) {
  let [low, high] = NOTHING
  for (const value of least) if (typeof value === 'number' && value < low) low = value
  for (const value of greatest) if (typeof value === 'number' && value > high) high = value
  return /** @type {const} */ ([low, high])
}
