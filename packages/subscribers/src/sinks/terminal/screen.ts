import type { EscapeWriter } from './escape-writer.ts'

/** The colours that a terminal supports: 24 bits, an index into 256, or none. */
export type ColourDepth = 'truecolor' | '256' | 'none'

/** The terminal's own foreground or background colour. */
export const DEFAULT_COLOUR = 0xffff_ffff

const SPACE = 0x20
const NEVER_SHOWN = 0

/**
 * The cells of a terminal. Colours are `0xRRGGBB` or an index, depending on the depth in use, or
 * {@link DEFAULT_COLOUR}.
 */
export class Screen {
  readonly columns: number
  readonly rows: number
  /** Code points, row-major, each one column wide. */
  readonly glyphs: Uint32Array
  readonly foreground: Uint32Array
  readonly background: Uint32Array

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
    this.glyphs = new Uint32Array(columns * rows)
    this.foreground = new Uint32Array(columns * rows)
    this.background = new Uint32Array(columns * rows)
    this.clear()
  }

  /** Makes every cell blank. */
  clear(): void {
    this.glyphs.fill(SPACE)
    this.foreground.fill(DEFAULT_COLOUR)
    this.background.fill(DEFAULT_COLOUR)
  }

  /** Forgets what is shown, so that every cell differs from what is painted next. */
  invalidate(): void {
    this.glyphs.fill(NEVER_SHOWN)
  }

  /** Sets a cell; outside the screen it does nothing. */
  put(column: number, row: number, glyph: number, foreground: number, background: number): void {
    if (column < 0 || column >= this.columns || row < 0 || row >= this.rows) return
    const index = row * this.columns + column
    this.glyphs[index] = glyph
    // A space shows no foreground: using one value for all of them makes more cells equal.
    this.foreground[index] = glyph === SPACE ? DEFAULT_COLOUR : foreground
    this.background[index] = background
  }
}

/**
 * Writes the cells of `next` that differ from `shown`, and makes `shown` equal to it. A cell that follows the previous
 * one needs no cursor movement, and an unchanged colour is not repeated.
 */
export function paintChanges(writer: EscapeWriter, shown: Screen, next: Screen, depth: ColourDepth): void {
  let foreground = DEFAULT_COLOUR
  let background = DEFAULT_COLOUR
  let cursor = -1
  for (let index = 0; index < next.glyphs.length; index++) {
    const glyph = next.glyphs[index] as number
    const cellForeground = next.foreground[index] as number
    const cellBackground = next.background[index] as number
    if (
      glyph === shown.glyphs[index] &&
      cellForeground === shown.foreground[index] &&
      cellBackground === shown.background[index]
    ) {
      continue
    }
    const column = index % next.columns
    // After the last column a terminal stays there: the first column always needs a cursor movement.
    if (cursor !== index || column === 0) writer.moveTo(column, Math.trunc(index / next.columns))
    cursor = index + 1
    const newForeground = glyph !== SPACE && cellForeground !== foreground ? cellForeground : undefined
    const newBackground = cellBackground === background ? undefined : cellBackground
    writeColours(writer, depth, newForeground, newBackground)
    foreground = newForeground ?? foreground
    background = cellBackground
    writer.glyph(glyph)
    shown.glyphs[index] = glyph
    shown.foreground[index] = cellForeground
    shown.background[index] = cellBackground
  }
  if (foreground !== DEFAULT_COLOUR || background !== DEFAULT_COLOUR) writer.ascii('\x1b[0m')
}

function writeColours(
  writer: EscapeWriter,
  depth: ColourDepth,
  foreground: number | undefined,
  background: number | undefined,
): void {
  if (depth === 'none' || (foreground === undefined && background === undefined)) return
  writer.ascii('\x1b[')
  if (foreground !== undefined) writeColour(writer, depth, '3', foreground)
  if (foreground !== undefined && background !== undefined) writer.ascii(';')
  if (background !== undefined) writeColour(writer, depth, '4', background)
  writer.ascii('m')
}

function writeColour(writer: EscapeWriter, depth: ColourDepth, plane: '3' | '4', colour: number): void {
  writer.ascii(plane)
  if (colour === DEFAULT_COLOUR) return writer.ascii('9')
  if (depth === '256') {
    writer.ascii('8;5;')
    return writer.number(colour)
  }
  writer.ascii('8;2;')
  writer.number((colour >> 16) & 0xff)
  writer.ascii(';')
  writer.number((colour >> 8) & 0xff)
  writer.ascii(';')
  writer.number(colour & 0xff)
}
