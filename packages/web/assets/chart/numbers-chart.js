import { drawExtents } from './extents.js'
import { colourOf, dashesOf } from './line-styles.js'
import { drawLosses } from './losses.js'
import { noPoints, thin } from './number-points.js'
import { ValueAxis } from './value-axis.js'
import { scalesOf } from './value-scales.js'

/**
 * A live chart of arrays of numbers, a line for each position. What is drawn is thinned out to what a screen can show.
 */

/** A line that turns more often than this is a block of colour. */
const PIXELS_PER_POINT = 3
/** So that a level line has its full colour, wherever it lies between two pixels. */
const LINE_PX = 2
/** Over what is drawn, and to the right: a unit and half a label must fit there. */
const PADDING_PX = { top: 10, topWithUnit: 22, right: 30 }
const TIME_AXIS_PX = 34
/** A selection that is narrower was a click. */
const LEAST_SELECTION_PX = 6

const CLOCK = new Intl.DateTimeFormat([], { timeStyle: 'medium', hourCycle: 'h23' })

/** @param {unknown} _plot @param {number[]} times */
function formatTimes(_plot, times) {
  return times.map((time) => CLOCK.format(time * 1000))
}

export class NumbersChart {
  #feed
  #view
  #holder
  /** @type {uPlot | undefined} */
  #plot
  #points = noPoints(0)
  /** @type {import('./value-scales.js').Scales} */
  #scales = { ranges: [], groups: [] }
  /** @type {import('./value-scales.js').Fit} */
  #fit = 'auto'
  /** Positions whose lines are hidden. @type {ReadonlySet<number>} */
  #hidden = new Set()
  #axes = [new ValueAxis(false), new ValueAxis(true)]
  #shown = { start: 0, end: 1 }
  /** The line that stands out, if any, whose scale the axis shows where each has its own. */
  #marked = -1

  /**
   * @param {import('./numbers-feed.js').NumbersFeed} feed
   * @param {import('./time-view.js').TimeView} view
   * @param {HTMLElement} holder
   */
  constructor(feed, view, holder) {
    this.#feed = feed
    this.#view = view
    this.#holder = holder
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(holder)
  }

  /** What is drawn. */
  get points() {
    return this.#points
  }

  /** From when to when, in seconds since the Unix epoch. */
  get shown() {
    return this.#shown
  }

  /** The lines that are shown. */
  get lines() {
    const { positions } = this.#feed.slices
    return [...positions.keys()].filter((line) => !this.#hidden.has(positions[line]))
  }

  /** Where the axes and lines are, as uPlot has them; nothing before the first line. */
  get plot() {
    return this.#plot
  }

  /** @param {ReadonlySet<number>} hidden Positions. @param {import('./value-scales.js').Fit} fit */
  arrange(hidden, fit) {
    this.#hidden = hidden
    this.#fit = fit
    this.#feed.slices.positions.forEach((position, line) => {
      const show = !hidden.has(position)
      if (this.#plot && this.#plot.series[line + 1].show !== show) this.#plot.setSeries(line + 1, { show })
    })
    this.#redraw()
  }

  /** Makes a line stand out; none where it is -1. @param {number} line */
  mark(line) {
    if (line === this.#marked) return
    this.#marked = line
    this.#plot?.redraw(true, true)
  }

  /** Begins with the lines of the positions that are there now. */
  makeLines() {
    this.#plot?.destroy()
    const quiet = styleOf('--quiet')
    const lines = this.#feed.slices.positions.map((position, line) => ({
      label: this.#feed.nameOf(position),
      scale: `y${line}`,
      stroke: () => this.#strokeOf(line),
      dash: [...dashesOf(line)],
      show: !this.#hidden.has(position),
      width: LINE_PX,
      points: { show: false },
    }))
    const scales = lines.map(({ scale }, line) => [
      scale,
      { range: () => this.#scales.ranges[line] ?? [0, 1] },
    ])
    this.#points = noPoints(lines.length)
    this.#marked = -1
    /** @type {any} What uPlot's types do not know: paddings by functions. */
    const padding = [
      () => (this.#units().some(Boolean) ? PADDING_PX.topWithUnit : PADDING_PX.top),
      (/** @type {uPlot} */ plot) => this.#paddingRight(plot),
      0,
      (/** @type {uPlot} */ plot) => this.#axes[0].width(plot, this.#axisLook(0)),
    ]
    this.#plot = new uPlot(
      {
        ...this.#size(),
        pxAlign: 0,
        padding,
        legend: { show: false },
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false },
          // A click must not be taken for a selection, nor two of them show all there is.
          bind: { dblclick: () => () => null },
        },
        scales: { x: { time: true }, ...Object.fromEntries(scales) },
        axes: [
          {
            stroke: quiet,
            font: '11px system-ui, sans-serif',
            grid: { show: false },
            ticks: { stroke: styleOf('--line'), width: 1 },
            space: 70,
            size: TIME_AXIS_PX,
            values: formatTimes,
          },
        ],
        series: [{}, ...lines],
        hooks: {
          drawAxes: [(plot) => this.#drawBehind(plot)],
          draw: [(plot) => drawLosses(plot, this.#points.losses, styleOf('--bad'), styleOf('--bar'))],
          setSelect: [(plot) => this.#select(plot)],
        },
      },
      [[], ...lines.map(() => [])],
      this.#holder,
    )
  }

  /** Finds out what there is to be shown. @param {number} nowMs When, as `performance.now()` tells the time. */
  look(nowMs) {
    const { slices } = this.#feed
    const width = (this.#plot?.bbox.width ?? 0) / devicePixelRatio
    this.#shown = this.#view.look(this, slices.timeAt(nowMs))
    const { start, end } = this.#shown
    this.#points = thin(slices, start, end, Math.max(width / PIXELS_PER_POINT, 20))
  }

  /** Draws what was found. @returns How many points. */
  draw() {
    this.#redraw()
    return this.#points.times.length * this.#points.lines.length
  }

  #redraw() {
    const plot = this.#plot
    if (!plot) return
    const { statistics, times, lines } = this.#points
    const extremes = statistics.map(({ least, greatest }) =>
      Number.isNaN(least) ? NOTHING : /** @type {const} */ ([least, greatest]),
    )
    const units = this.#feed.slices.positions.map((position) => this.#feed.unitOf(position))
    this.#scales = scalesOf(extremes, units, this.lines, this.#fit)
    plot.batch(() => {
      plot.setData(/** @type {any} */ ([times, ...lines]), false)
      plot.setScale('x', { min: this.#shown.start, max: this.#shown.end })
    })
  }

  /** @param {uPlot} plot */
  #drawBehind(plot) {
    const line = styleOf('--line')
    this.#axes[0].draw(plot, this.#axisLook(0), line)
    if (this.#hasSecondAxis) this.#axes[1].draw(plot, this.#axisLook(1), line)
    const lines = this.lines.includes(this.#marked) ? [this.#marked] : this.lines
    drawExtents(plot, this.#points, lines, this.#scales.ranges)
  }

  get #hasSecondAxis() {
    return this.#fit !== 'each' && new Set(this.lines.map((line) => this.#scales.groups[line])).size > 1
  }

  /** @param {uPlot} plot */
  #paddingRight(plot) {
    return this.#hasSecondAxis ? this.#axes[1].width(plot, this.#axisLook(1)) : PADDING_PX.right
  }

  /** The lines of an axis: where each has its own scale, the one that stands out, or the first. @param {number} side */
  #linesAt(side) {
    const { groups } = this.#scales
    const shown = this.lines
    if (this.#fit === 'each') return shown.includes(this.#marked) ? [this.#marked] : shown.slice(0, 1)
    if (!this.#hasSecondAxis) return shown
    return shown.filter((line) => groups[line] === side)
  }

  /** @param {number} side @returns {import('./value-axis.js').AxisLook} */
  #axisLook(side) {
    const lines = this.#linesAt(side)
    const [first] = lines
    const isOne = lines.length === 1 && (this.#fit === 'each' || this.#hasSecondAxis)
    const colour = isOne ? colourOf(first) : styleOf('--quiet')
    const range = this.#scales.ranges[first] ?? /** @type {const} */ ([0, 1])
    return { range, unit: this.#units()[side], colour }
  }

  /** What is written over the two axes. */
  #units() {
    const { positions } = this.#feed.slices
    return [0, 1].map((side) => {
      const lines = this.#linesAt(side)
      const units = new Set(lines.map((line) => this.#feed.unitOf(positions[line])))
      return units.size === 1 ? ([...units][0] ?? '') : ''
    })
  }

  /** @param {number} line */
  #strokeOf(line) {
    const isFaint = this.#marked !== line && this.lines.includes(this.#marked)
    return isFaint ? `${colourOf(line)}44` : colourOf(line)
  }

  /** @param {uPlot} plot */
  #select(plot) {
    const { left, width } = plot.select
    if (width < LEAST_SELECTION_PX) return
    this.#view.zoom(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'))
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
  }

  #size() {
    return {
      width: Math.max(this.#holder.clientWidth, 100),
      height: Math.max(this.#holder.clientHeight, 100),
    }
  }
}

/** The least and the greatest of nothing. */
const NOTHING = /** @type {const} */ ([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])

/** A colour of the page's style. @param {string} name */
function styleOf(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name)
}
