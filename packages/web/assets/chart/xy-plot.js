import { make } from '../page/elements.js'
import { colourOf } from './line-styles.js'
import { rangeOf, ticksOf } from './value-ticks.js'

const FONT_PX = 11
const FONT = `${FONT_PX}px system-ui, sans-serif`
const PAD_PX = { left: 64, right: 18, top: 24, bottom: 38 }
const TICK_PX = { x: 90, y: 40 }
const DOT_PX = 2.5
const NEWEST_PX = 4
/** The oldest ones are as faint as this. */
const LEAST_ALPHA = 0.15

/** One position against another: of each tenth of a second their newest values, the older the fainter. */
export class XyPlot {
  element = make('div', 'xy')
  #feed
  #canvas = make('canvas')

  /** @param {string} topic @param {import('./numbers-feed.js').NumbersFeed} feed */
  constructor(topic, feed) {
    this.#feed = feed
    this.#canvas.setAttribute('role', 'img')
    this.#canvas.setAttribute('aria-label', `Live XY chart of ${topic}`)
    this.element.append(this.#canvas)
  }

  /**
   * @param {readonly [number, number]} axes Positions.
   * @param {{ start: number, end: number }} shown
   */
  draw(axes, { start, end }) {
    const { slices } = this.#feed
    const lines = axes.map((position) => slices.positions.indexOf(position))
    const ctx = this.#begin()
    if (!ctx) return 0
    const points = lines.includes(-1) ? [] : readPoints(slices, lines, start, end)
    const ranges = [0, 1].map((axis) => {
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
      for (const point of points) [low, high] = [Math.min(low, point[axis]), Math.max(high, point[axis])]
      return rangeOf(low, high)
    })
    this.#drawAxes(ctx, ranges, axes)
    const [xOf, yOf] = this.#places(ranges)
    ctx.fillStyle = colourOf(0)
    for (const [at, [x, y]] of points.entries()) {
      ctx.globalAlpha = LEAST_ALPHA + ((1 - LEAST_ALPHA) * (at + 1)) / points.length
      const size = at === points.length - 1 ? NEWEST_PX : DOT_PX
      ctx.beginPath()
      ctx.arc(xOf(x), yOf(y), size, 0, 2 * Math.PI)
      ctx.fill()
    }
    ctx.globalAlpha = 1
    return points.length
  }

  #begin() {
    const { clientWidth, clientHeight } = this.element
    const [width, height] = [clientWidth * devicePixelRatio, clientHeight * devicePixelRatio].map(Math.round)
    if (this.#canvas.width !== width) this.#canvas.width = width
    if (this.#canvas.height !== height) this.#canvas.height = height
    const ctx = this.#canvas.getContext('2d')
    ctx?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    ctx?.clearRect(0, 0, clientWidth, clientHeight)
    return ctx
  }

  /** @param {readonly (readonly [number, number])[]} ranges */
  #places([[left, right], [bottom, top]]) {
    const { clientWidth, clientHeight } = this.element
    const width = clientWidth - PAD_PX.left - PAD_PX.right
    const height = clientHeight - PAD_PX.top - PAD_PX.bottom
    return [
      (/** @type {number} */ x) => PAD_PX.left + ((x - left) / (right - left)) * width,
      (/** @type {number} */ y) => PAD_PX.top + ((top - y) / (top - bottom)) * height,
    ]
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {readonly (readonly [number, number])[]} ranges
   * @param {readonly [number, number]} axes
   */
  #drawAxes(ctx, ranges, axes) {
    const { clientWidth, clientHeight } = this.element
    const style = getComputedStyle(this.element)
    const [quiet, line] = [style.getPropertyValue('--quiet'), style.getPropertyValue('--line')]
    const [xOf, yOf] = this.#places(ranges)
    const [right, bottom] = [clientWidth - PAD_PX.right, clientHeight - PAD_PX.bottom]
    const [xTicks, yTicks] = [
      ticksOf(...asPair(ranges[0]), Math.floor((right - PAD_PX.left) / TICK_PX.x)),
      ticksOf(...asPair(ranges[1]), Math.floor((bottom - PAD_PX.top) / TICK_PX.y)),
    ]
    ctx.font = FONT
    ctx.fillStyle = line
    for (const { value } of xTicks) ctx.fillRect(Math.round(xOf(value)), PAD_PX.top, 1, bottom - PAD_PX.top)
    for (const { value } of yTicks) ctx.fillRect(PAD_PX.left, Math.round(yOf(value)), right - PAD_PX.left, 1)
    ctx.fillStyle = quiet
    ctx.textAlign = 'center'
    ctx.textBaseline = 'top'
    for (const { value, label } of xTicks) ctx.fillText(label, xOf(value), bottom + 5)
    ctx.textAlign = 'right'
    ctx.fillText(this.#labelOf(axes[0]), right, bottom + 5 + FONT_PX * 1.5)
    ctx.textBaseline = 'middle'
    for (const { value, label } of yTicks) ctx.fillText(label, PAD_PX.left - 8, yOf(value))
    ctx.textAlign = 'left'
    ctx.fillText(this.#labelOf(axes[1]), 8, FONT_PX)
  }

  /** @param {number} position */
  #labelOf(position) {
    const [name, unit] = [this.#feed.nameOf(position), this.#feed.unitOf(position)]
    const said = name === String(position) ? `position ${name}` : name
    return unit ? `${said} (${unit})` : said
  }
}

/** @param {readonly [number, number]} pair @returns {[number, number]} */
function asPair([first, second]) {
  return [first, second]
}

/**
 * @param {import('./number-slices.js').NumberSlices} slices
 * @param {readonly number[]} lines
 * @param {number} start
 * @param {number} end
 */
function readPoints(slices, [x, y], start, end) {
  /** @type {[number, number][]} */
  const points = []
  for (let at = slices.find(start); at < Math.min(slices.find(end) + 1, slices.end); at++) {
    const [one, other] = [slices.read(at, x, 2), slices.read(at, y, 2)]
    if (!Number.isNaN(one) && !Number.isNaN(other)) points.push([one, other])
  }
  return points
}
