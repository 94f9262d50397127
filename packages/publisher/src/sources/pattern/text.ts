import type { Canvas, Colour } from './canvas.ts'
import { GLYPH_ADVANCE, GLYPH_HEIGHT, GLYPH_WIDTH, glyphCells } from './font.ts'

/** The position and size of a drawn text. */
export interface TextPlace {
  /** Left edge, whole pixels. */
  readonly x: number
  /** Upper edge, whole pixels. */
  readonly y: number
  /** Pixels for each cell of the font, a whole number from 1. */
  readonly scale: number
}

/** Draws text; it must lie inside the canvas. */
export function drawText(canvas: Canvas, text: string, place: TextPlace, colour: Colour): void {
  for (let i = 0; i < text.length; i++) {
    for (const cell of glyphCells(text[i] as string)) drawCell(canvas, place, i, cell, colour, 1)
  }
}

/** Draws every cell of `length` characters faintly, like the unlit dots of a display. */
export function drawUnlitCells(
  canvas: Canvas,
  length: number,
  place: TextPlace,
  colour: Colour,
  alpha: number,
): void {
  for (let i = 0; i < length; i++) {
    for (let cell = 0; cell < GLYPH_WIDTH * GLYPH_HEIGHT; cell++)
      drawCell(canvas, place, i, cell, colour, alpha)
  }
}

function drawCell(
  { width, pixels }: Canvas,
  { x, y, scale }: TextPlace,
  index: number,
  cell: number,
  [red, green, blue]: Colour,
  alpha: number,
): void {
  const left = x + (index * GLYPH_ADVANCE + (cell % GLYPH_WIDTH)) * scale
  const top = y + Math.floor(cell / GLYPH_WIDTH) * scale
  const cover = cellCoverage(scale)
  for (let row = 0; row < scale; row++) {
    let at = ((top + row) * width + left) * 3
    for (let column = 0; column < scale; column++, at += 3) {
      const opacity = alpha * (cover[row * scale + column] as number)
      pixels[at] = (pixels[at] as number) + (red - (pixels[at] as number)) * opacity
      pixels[at + 1] = (pixels[at + 1] as number) + (green - (pixels[at + 1] as number)) * opacity
      pixels[at + 2] = (pixels[at + 2] as number) + (blue - (pixels[at + 2] as number)) * opacity
    }
  }
}

const SMALLEST_DOT = 5
const COVERAGES = new Map<number, Float32Array>()

/** A round dot where there is room for one; small text is legible only when its cells touch. */
function cellCoverage(scale: number): Float32Array {
  let coverage = COVERAGES.get(scale)
  if (!coverage) {
    coverage = new Float32Array(scale * scale).fill(1)
    if (scale >= SMALLEST_DOT) coverage.forEach((_, i, dot) => (dot[i] = dotCoverage(i, scale)))
    COVERAGES.set(scale, coverage)
  }
  return coverage
}

function dotCoverage(index: number, scale: number): number {
  const dx = Math.abs((index % scale) + 0.5 - scale / 2)
  const dy = Math.abs(Math.floor(index / scale) + 0.5 - scale / 2)
  // A power of 4 makes the dot a rounded square, brighter than a circle of the same width.
  return Math.min(1, Math.max(0, scale * 0.47 + 0.5 - (dx ** 4 + dy ** 4) ** 0.25))
}
