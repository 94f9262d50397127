import { blendPixel, blendRounded, createCanvas, type Canvas, type Colour } from './canvas.ts'
import { textColumns } from './font.ts'
import type { PatternLayout } from './layout.ts'
import { drawText, drawUnlitCells } from './text.ts'

const TOP: Colour = [10, 14, 38]
const BOTTOM: Colour = [24, 32, 72]
const GLOWS: readonly {
  readonly x: number
  readonly y: number
  readonly reach: number
  readonly colour: Colour
}[] = [
  { x: 0.12, y: 0.1, reach: 0.55, colour: [28, 70, 120] },
  { x: 0.92, y: 0.3, reach: 0.6, colour: [96, 24, 96] },
  { x: 0.45, y: 0.95, reach: 0.5, colour: [10, 84, 84] },
]
const BARS: readonly Colour[] = [
  [255, 255, 255],
  [255, 255, 0],
  [0, 255, 255],
  [0, 255, 0],
  [255, 0, 255],
  [255, 0, 0],
  [0, 0, 255],
  [0, 0, 0],
]
const PANEL: Colour = [7, 9, 22]
const WHITE: Colour = [255, 255, 255]
const PALE: Colour = [190, 205, 235]

/** Draws the static part: drawn once, copied for each frame. */
export function drawBackground(layout: PatternLayout, caption: string): Canvas {
  const canvas = createCanvas(layout.width, layout.height)
  drawGradient(canvas)
  drawGrid(canvas, layout.unit)
  drawBars(canvas, layout)
  const { panel, clock } = layout
  blendRounded(canvas, panel, layout.radius, PALE, 0.35)
  const rim = Math.max(1, Math.round(layout.unit))
  const inner = {
    x: panel.x + rim,
    y: panel.y + rim,
    width: panel.width - 2 * rim,
    height: panel.height - 2 * rim,
  }
  blendRounded(canvas, inner, layout.radius - rim, PANEL)
  drawUnlitCells(canvas, layout.clockLength, clock, WHITE, 0.05)
  blendRounded(canvas, layout.track, layout.track.height / 2, WHITE, 0.14)
  const { title } = layout
  drawText(canvas, 'ZCAST', title, WHITE)
  const captionX = layout.width - title.x - textColumns(caption) * title.scale
  drawText(canvas, caption, { ...title, x: captionX }, PALE)
  return canvas
}

function drawGradient({ width, height, pixels }: Canvas): void {
  const aspect = (width / height) * 0.6
  for (let y = 0, at = 0; y < height; y++) {
    const down = y / height
    for (let x = 0; x < width; x++, at += 3) {
      const across = x / width
      let [red, green, blue] = mix(TOP, BOTTOM, down)
      for (const glow of GLOWS) {
        const [dx, dy] = [(across - glow.x) * aspect, down - glow.y]
        const light = 1 - (dx * dx + dy * dy) / (glow.reach * glow.reach)
        if (light <= 0) continue
        red += glow.colour[0] * light * light
        green += glow.colour[1] * light * light
        blue += glow.colour[2] * light * light
      }
      pixels[at] = red
      pixels[at + 1] = green
      pixels[at + 2] = blue
    }
  }
}

function mix(from: Colour, to: Colour, part: number): [number, number, number] {
  return [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part,
    from[2] + (to[2] - from[2]) * part,
  ]
}

/** Faint lines that show where a picture was scaled unevenly or cut off. */
function drawGrid(canvas: Canvas, unit: number): void {
  const step = Math.max(10, Math.round(20 * unit))
  for (let y = 0; y < canvas.height; y++) {
    const across = y % step === 0 ? 1 : step
    for (let x = 0; x < canvas.width; x += across) blendPixel(canvas, x, y, WHITE, 0.045)
  }
}

/** The primaries and their mixtures at full strength, and a ramp of greys: wrong colours and ranges show here. */
function drawBars(canvas: Canvas, { bars, ramp }: PatternLayout): void {
  for (let x = 0; x < bars.width; x++) {
    const bar = BARS[Math.floor((x * BARS.length) / bars.width)] as Colour
    for (let y = 0; y < bars.height; y++) blendPixel(canvas, bars.x + x, bars.y + y, bar, 1)
  }
  for (let x = 0; x < ramp.width; x++) {
    const grey = Math.round((x * 255) / (ramp.width - 1))
    for (let y = 0; y < ramp.height; y++) blendPixel(canvas, ramp.x + x, ramp.y + y, [grey, grey, grey], 1)
  }
}
