import { ticksOf } from './value-ticks.js'

/** Room for a tick, in pixels. */
const TICK_PX = 40
const FONT_PX = 11
const FONT = 'system-ui, sans-serif'
const GAP_PX = 8
/** The room for labels is a multiple of this: the chart must not move with each digit. */
const WIDTH_STEP_PX = 12
/** Half a label of the time axis must fit there. */
const LEAST_WIDTH_PX = 36

/**
 * The axis of values of a chart, with its grid. uPlot's own knows steps from 1e-16 to 1e32 only, and takes a fixed
 * place for its labels, whatever they say.
 */
export class ValueAxis {
  #colours
  #measuring = document.createElement('canvas').getContext('2d')

  /** @param {{ text: string, line: string }} colours */
  constructor(colours) {
    this.#colours = colours
  }

  /** The room that its labels need, in pixels. @param {any} plot */
  width(plot) {
    const context = this.#measuring
    if (!context) return 0
    context.font = `${FONT_PX}px ${FONT}`
    const widths = this.#ticks(plot).map(({ label }) => context.measureText(label).width)
    const width = Math.max(...widths.map((label) => label + GAP_PX * 2), LEAST_WIDTH_PX)
    return Math.ceil(width / WIDTH_STEP_PX) * WIDTH_STEP_PX
  }

  /** @param {any} plot */
  draw(plot) {
    const { ctx, bbox } = plot
    ctx.save()
    ctx.font = `${FONT_PX * devicePixelRatio}px ${FONT}`
    ctx.textAlign = 'right'
    ctx.textBaseline = 'middle'
    for (const { value, label } of this.#ticks(plot)) {
      const y = Math.round(plot.valToPos(value, 'y', true))
      ctx.fillStyle = this.#colours.line
      ctx.fillRect(bbox.left, y, bbox.width, Math.max(1, Math.round(devicePixelRatio)))
      ctx.fillStyle = this.#colours.text
      ctx.fillText(label, bbox.left - GAP_PX * devicePixelRatio, y)
    }
    ctx.restore()
  }

  /** @param {any} plot */
  #ticks(plot) {
    const { min, max } = plot.scales.y
    return min < max ? ticksOf(min, max, Math.floor(plot.height / TICK_PX)) : []
  }
}
