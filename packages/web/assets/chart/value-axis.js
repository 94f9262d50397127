import { ticksOf } from './value-ticks.js'

/** Room for a tick, in pixels. */
const TICK_PX = 40
const FONT_PX = 11
const FONT = 'system-ui, sans-serif'
const GAP_PX = 8
/** Of a unit over the axis. */
const UNIT_TOP_PX = 4
/** The room for labels is a multiple of this: the chart must not move with each digit. */
const WIDTH_STEP_PX = 12
/** Half a label of the time axis must fit there. */
const LEAST_WIDTH_PX = 36

/**
 * @typedef {object} AxisLook
 * @property {readonly [number, number]} range From where to where its values go.
 * @property {string} unit Empty where there is none.
 * @property {string} colour Of its labels.
 */

/**
 * An axis of values of a chart, at the left with its grid, or at the right. uPlot's own knows steps from 1e-16 to 1e32
 * only, and takes a fixed place for its labels, whatever they say.
 */
export class ValueAxis {
  #isRight
  #measuring = document.createElement('canvas').getContext('2d')

  /** @param {boolean} isRight */
  constructor(isRight) {
    this.#isRight = isRight
  }

  /** The room that its labels need, in pixels. @param {uPlot} plot @param {AxisLook} look */
  width(plot, look) {
    const context = this.#measuring
    if (!context) return 0
    context.font = `${FONT_PX}px ${FONT}`
    const texts = [look.unit, ...ticksFor(plot, look).map(({ label }) => label)]
    const widths = texts.map((text) => context.measureText(text).width + GAP_PX * 2)
    return Math.ceil(Math.max(...widths, LEAST_WIDTH_PX) / WIDTH_STEP_PX) * WIDTH_STEP_PX
  }

  /** @param {uPlot} plot @param {AxisLook} look @param {string} lineColour Of the grid. */
  draw(plot, look, lineColour) {
    const { ctx, bbox } = plot
    const [min, max] = look.range
    const gap = GAP_PX * devicePixelRatio
    const x = this.#isRight ? bbox.left + bbox.width + gap : bbox.left - gap
    ctx.save()
    ctx.font = `${FONT_PX * devicePixelRatio}px ${FONT}`
    ctx.textAlign = this.#isRight ? 'left' : 'right'
    ctx.textBaseline = 'middle'
    for (const { value, label } of ticksFor(plot, look)) {
      const y = Math.round(bbox.top + ((max - value) / (max - min)) * bbox.height)
      ctx.fillStyle = lineColour
      const grid = Math.max(1, Math.round(devicePixelRatio))
      if (!this.#isRight) ctx.fillRect(bbox.left, y, bbox.width, grid)
      ctx.fillStyle = look.colour
      ctx.fillText(label, x, y)
    }
    ctx.textBaseline = 'top'
    if (look.unit) ctx.fillText(look.unit, x, UNIT_TOP_PX * devicePixelRatio)
    ctx.restore()
  }
}

/** @param {uPlot} plot @param {AxisLook} look */
function ticksFor(plot, { range: [min, max] }) {
  return min < max ? ticksOf(min, max, Math.floor(plot.height / TICK_PX)) : []
}
