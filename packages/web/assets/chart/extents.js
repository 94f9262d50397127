import { colourOf } from './line-styles.js'

/**
 * From the least to the greatest of each point, as bars behind the lines: what came for a moment only is seen at its
 * full height, however long the time that is shown.
 */

const BAR_PX = 1.5
const DOT_PX = 3
/** A bar that is so much longer than others of its line stands out, and is drawn in full colour. */
const STANDS_OUT = 4
/** What one line's bars take away from those behind. */
const SOFT_ALPHA = 0.4
const LEAST_ALPHA = 0.1

/** @typedef {import('./number-points.js').Points} Points */

/**
 * @param {uPlot} plot
 * @param {Points} points
 * @param {readonly number[]} shown The lines.
 * @param {readonly (readonly [number, number])[]} ranges From where to where each line is drawn.
 */
export function drawExtents(plot, points, shown, ranges) {
  const { ctx, bbox } = plot
  const xs = points.times.map((time) => plot.valToPos(time, 'x', true))
  const soft = Math.max(SOFT_ALPHA / Math.sqrt(shown.length), LEAST_ALPHA)
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const line of shown) {
    const [min, max] = ranges[line]
    const yOf = (/** @type {number} */ value) => bbox.top + ((max - value) / (max - min)) * bbox.height
    const place = { xs, yOf }
    ctx.fillStyle = colourOf(line)
    drawBars(ctx, place, points, line, soft)
    drawDots(ctx, place, points.lines[line])
  }
  ctx.restore()
}

/**
 * @typedef {object} Place Where values are drawn.
 * @property {number[]} xs Of each point.
 * @property {(value: number) => number} yOf
 */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Place} place
 * @param {Points} points
 * @param {number} line
 * @param {number} soft
 */
function drawBars(ctx, { xs, yOf }, { lines, least, greatest }, line, soft) {
  const [lows, highs, values] = [least[line], greatest[line], lines[line]]
  const long = meanSpan(lows, highs) * STANDS_OUT
  const width = Math.max(1, Math.round(BAR_PX * devicePixelRatio))
  for (let at = 0; at < lows.length; at++) {
    const [low, high] = [lows[at], highs[at]]
    if (typeof low !== 'number' || typeof high !== 'number' || high === low) continue
    if (isCovered(values, at, low, high)) continue
    const top = Math.round(yOf(high))
    const height = Math.round(yOf(low)) - top
    if (height < 2) continue
    ctx.globalAlpha = high - low > long ? 1 : soft
    ctx.fillRect(Math.round(xs[at] - width / 2), top, width, height)
  }
  ctx.globalAlpha = 1
}

/** How long the bars are on average. @param {import('./number-points.js').Values} lows @param {import('./number-points.js').Values} highs */
function meanSpan(lows, highs) {
  let [sum, known] = [0, 0]
  for (let at = 0; at < lows.length; at++) {
    const [low, high] = [lows[at], highs[at]]
    if (typeof low !== 'number' || typeof high !== 'number') continue
    sum += high - low
    known += 1
  }
  return sum / known
}

/**
 * Whether the line goes through all of it anyway, as where it climbs.
 *
 * @param {import('./number-points.js').Values} values
 * @param {number} at
 * @param {number} low
 * @param {number} high
 */
function isCovered(values, at, low, high) {
  const [before, after] = [values[at - 1], values[at + 1]]
  if (typeof before !== 'number' || typeof after !== 'number') return false
  return low >= Math.min(before, after) && high <= Math.max(before, after)
}

/**
 * A value between two gaps has no line.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {Place} place
 * @param {import('./number-points.js').Values} values
 */
function drawDots(ctx, { xs, yOf }, values) {
  const size = Math.round(DOT_PX * devicePixelRatio)
  /** The last that is not passed over, if it had none before it. */
  let alone = -1
  let before = null
  for (let at = 0; at <= values.length; at++) {
    const value = at < values.length ? values[at] : null
    if (value === undefined) continue
    if (value === null && alone >= 0) {
      const y = yOf(/** @type {number} */ (values[alone]))
      ctx.fillRect(Math.round(xs[alone] - size / 2), Math.round(y - size / 2), size, size)
    }
    alone = value !== null && before === null ? at : -1
    before = value
  }
}
