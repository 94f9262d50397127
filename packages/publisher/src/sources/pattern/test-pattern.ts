import { drawBackground } from './background.ts'
import { blendRounded, createCanvas, type Canvas, type Colour } from './canvas.ts'
import { layOutPattern, type PatternLayout } from './layout.ts'
import { drawText } from './text.ts'
import { drawWaves } from './waves.ts'

const WARM: Colour = [255, 244, 214]
const AMBER: Colour = [255, 178, 62]
const GREEN: Colour = [120, 255, 190]

/** Draws the moving test pattern. A frame costs a copy of the background and a few thousand pixels. */
export class TestPattern {
  readonly #layout: PatternLayout
  readonly #background: Canvas
  readonly #canvas: Canvas

  /** Draws the static part. @param fps - Frames per second, as shown in the corner. */
  constructor(width: number, height: number, fps: number) {
    this.#layout = layOutPattern(width, height)
    const caption = `${width}X${height} ${Number(fps.toFixed(2))} FPS`
    this.#background = drawBackground(this.#layout, caption)
    this.#canvas = createCanvas(width, height)
  }

  /**
   * Draws one frame.
   *
   * @param time - Seconds since the Unix epoch; shown as local time.
   * @param frame - The frame's number, from 0; its last seven digits are shown.
   * @returns RGB, 8 bits each, row-major; the same memory each time, so it is valid until the next call.
   */
  draw(time: number, frame: number): Uint8Array {
    const layout = this.#layout
    const canvas = this.#canvas
    canvas.pixels.set(this.#background.pixels)
    drawWaves(canvas, layout.panel.y + layout.panel.height / 2, layout.panel, time)

    const clock = formatClock(time)
    const { clock: place, counter } = layout
    drawText(canvas, clock.slice(0, 8), place, WARM)
    drawText(canvas, clock.slice(8), { ...place, x: place.x + 8 * 6 * place.scale }, AMBER)
    drawText(canvas, `FRAME ${String(frame % 10_000_000).padStart(7, '0')}`, counter, GREEN)
    this.#drawSweep(time)
    return new Uint8Array(canvas.pixels.buffer)
  }

  /** A light that moves along the track once a second: where it jumps, frames were lost. */
  #drawSweep(time: number): void {
    const { track } = this.#layout
    const width = Math.max(track.height, Math.round((time - Math.floor(time)) * track.width))
    blendRounded(this.#canvas, { ...track, width }, track.height / 2, AMBER)
  }
}

function formatClock(time: number): string {
  // The nearest 0.1 ms: sums of intervals may be slightly below the millisecond they stand for.
  const date = new Date(Math.floor(time * 1000 + 0.1))
  const pad = (value: number, digits: number): string => String(value).padStart(digits, '0')
  const hoursToSeconds = [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => pad(part, 2))
    .join(':')
  return `${hoursToSeconds}.${pad(date.getMilliseconds(), 3)}`
}
