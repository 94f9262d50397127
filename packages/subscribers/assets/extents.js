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

/**
 * @param {any} plot
 * @param {import('./number-points.js').Points} points
 * @param {readonly number[]} shown The lines.
 * @param {(line: number) => string} colourOf
 */
export function drawExtents(plot, points, shown, colourOf) {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  const xs = points.times.map((time) => plot.valToPos(time, 'x', true))
  const soft = Math.max(SOFT_ALPHA / Math.sqrt(shown.length), LEAST_ALPHA)
  for (const line of shown) {
    ctx.fillStyle = colourOf(line)
    drawBars(plot, points, line, xs, soft)
    drawDots(plot, points.lines[line], xs)
  }
  ctx.restore()
}

/**
 * @param {any} plot
 * @param {import('./number-points.js').Points} points
 * @param {number} line
 * @param {number[]} xs
 * @param {number} soft
 */
function drawBars(plot, { lines, least, greatest }, line, xs, soft) {
  // Unknown ones are no numbers, nor greater than anything.
  const spans = least[line].map((low, at) => (greatest[line][at] ?? Number.NaN) - (low ?? Number.NaN))
  const values = lines[line]
  const known = spans.filter((span) => span >= 0)
  const long = (known.reduce((sum, span) => sum + span, 0) / known.length) * STANDS_OUT
  const width = Math.max(1, Math.round(BAR_PX * devicePixelRatio))
  for (const [at, span] of spans.entries()) {
    if (!(span > 0) || isCovered(values, at, least[line][at], greatest[line][at])) continue
    const top = Math.round(plot.valToPos(greatest[line][at], 'y', true))
    const height = Math.round(plot.valToPos(least[line][at], 'y', true)) - top
    if (height < 2) continue
    plot.ctx.globalAlpha = span > long ? 1 : soft
    plot.ctx.fillRect(Math.round(xs[at] - width / 2), top, width, height)
  }
  plot.ctx.globalAlpha = 1
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
 * @param {any} plot
 * @param {import('./number-points.js').Values} values
 * @param {number[]} xs
 */
function drawDots(plot, values, xs) {
  const size = Math.round(DOT_PX * devicePixelRatio)
  let before = null
  for (const [at, value] of values.entries()) {
    if (value === undefined) continue
    if (value !== null && before === null && (values[at + 1] ?? nextOf(values, at)) === null) {
      const y = plot.valToPos(value, 'y', true)
      plot.ctx.fillRect(Math.round(xs[at] - size / 2), Math.round(y - size / 2), size, size)
    }
    before = value
  }
}

/** The next that is not passed over; null where there is none. @param {import('./number-points.js').Values} values @param {number} at */
function nextOf(values, at) {
  return values.slice(at + 1).find((value) => value !== undefined) ?? null
}
