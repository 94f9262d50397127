/** Where arrays never came: red ticks on the axis of time, with how many. */

const TICK_PX = { width: 2, height: 7 }
const FONT = 'system-ui, sans-serif'
const FONT_PX = 10
const HALO_PX = 3
/** Ticks that are closer make one, with the sum. */
const MERGE_PX = 34

/**
 * Ticks that are so close that their figures would touch become one.
 *
 * @param {readonly { x: number, count: number }[]} losses From left to right.
 * @param {number} apart
 */
export function mergeLosses(losses, apart) {
  /** @type {{ x: number, from: number, count: number }[]} */
  const merged = []
  for (const { x, count } of losses) {
    const last = merged.at(-1)
    if (last && x - last.from < apart) {
      last.count += count
      last.x = (last.from + x) / 2
    } else merged.push({ x, from: x, count })
  }
  return merged.map(({ x, count }) => ({ x, count }))
}

/**
 * @param {uPlot} plot
 * @param {readonly { time: number, count: number }[]} losses
 * @param {string} colour
 * @param {string} ground What is around the figures, so that they are read over lines too.
 */
export function drawLosses(plot, losses, colour, ground) {
  const { ctx, bbox } = plot
  const bottom = bbox.top + bbox.height
  const [width, height] = [TICK_PX.width * devicePixelRatio, TICK_PX.height * devicePixelRatio]
  const places = losses
    .map(({ time, count }) => ({ x: plot.valToPos(time, 'x', true), count }))
    .filter(({ x }) => x >= bbox.left && x <= bbox.left + bbox.width)
  ctx.save()
  ctx.fillStyle = colour
  ctx.font = `${FONT_PX * devicePixelRatio}px ${FONT}`
  ctx.textBaseline = 'bottom'
  ctx.textAlign = 'center'
  for (const { x } of places) ctx.fillRect(Math.round(x - width / 2), bottom - height, width, height)
  ctx.strokeStyle = ground
  ctx.lineWidth = HALO_PX * devicePixelRatio
  ctx.lineJoin = 'round'
  for (const { x, count } of mergeLosses(places, MERGE_PX * devicePixelRatio)) {
    const text = `${count.toLocaleString('en')} lost`
    ctx.strokeText(text, x, bottom - height - 1)
    ctx.fillText(text, x, bottom - height - 1)
  }
  ctx.restore()
}
