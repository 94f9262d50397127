import { DEFAULT_COLOUR, type ColourDepth, type Screen } from './screen.ts'
import type { StatusPart, Tone } from './status-line.ts'

const SEPARATOR = '  '
const SPACE = 0x20
const ASCII_FOR: ReadonlyMap<string, string> = new Map([
  ['●', '*'],
  ['○', '-'],
  ...Array.from('▁▂▃▄▅▆▇█', (bar, height) => [bar, '_.-:=+*#'[height] as string] as const),
])

type Palette = Readonly<Record<Tone | 'background', number>>

const PALETTES: Readonly<Record<ColourDepth, Palette>> = {
  truecolor: {
    background: 0x1c1f24,
    title: 0xffffff,
    live: 0x5fd787,
    waiting: 0xe5c07b,
    plain: 0xa8b0bb,
    problem: 0xff8787,
  },
  '256': { background: 234, title: 231, live: 78, waiting: 180, plain: 249, problem: 210 },
  none: {
    background: DEFAULT_COLOUR,
    title: DEFAULT_COLOUR,
    live: DEFAULT_COLOUR,
    waiting: DEFAULT_COLOUR,
    plain: DEFAULT_COLOUR,
    problem: DEFAULT_COLOUR,
  },
}

/** Draws the status line over a whole row. Parts that do not fit completely are left out, except the first. */
export function drawStatus(
  screen: Screen,
  row: number,
  parts: readonly StatusPart[],
  depth: ColourDepth,
): void {
  const palette = PALETTES[depth]
  for (let column = 0; column < screen.columns; column++) {
    screen.put(column, row, SPACE, DEFAULT_COLOUR, palette.background)
  }
  let column = 1
  for (const [index, { text, tone }] of parts.entries()) {
    const glyphs = printable(text, depth)
    if (index > 0 && column + glyphs.length > screen.columns) return
    drawGlyphs(screen, column, row, glyphs, palette[tone], palette.background)
    column += glyphs.length + SEPARATOR.length
  }
}

/** Draws a line of text from the first column on, as far as there is room. */
export function drawText(screen: Screen, row: number, { text, tone }: StatusPart, depth: ColourDepth): void {
  const glyphs = printable(text, depth).slice(0, screen.columns)
  drawGlyphs(screen, 0, row, glyphs, PALETTES[depth][tone], DEFAULT_COLOUR)
}

/** Draws a line of text in the middle of the first `rows` rows. */
export function drawNotice(screen: Screen, rows: number, text: string, depth: ColourDepth): void {
  const glyphs = printable(text, depth).slice(0, screen.columns)
  const column = Math.trunc((screen.columns - glyphs.length) / 2)
  drawGlyphs(screen, column, Math.trunc(rows / 2), glyphs, PALETTES[depth].plain, DEFAULT_COLOUR)
}

function drawGlyphs(
  screen: Screen,
  column: number,
  row: number,
  glyphs: readonly string[],
  colour: number,
  background: number,
): void {
  for (const [index, glyph] of glyphs.entries()) {
    screen.put(column + index, row, glyph.codePointAt(0) as number, colour, background)
  }
}

/** Characters that take one column each: control characters, and those that may be wider, become `?`. */
function printable(text: string, depth: ColourDepth): string[] {
  return Array.from(text, (character) => {
    if (depth === 'none' && ASCII_FOR.has(character)) return ASCII_FOR.get(character) as string
    const isNarrow =
      depth === 'none' ? /^[ -~]$/.test(character) : /^[ -~\u00A1-\u024F●○…▁-█]$/.test(character)
    return isNarrow ? character : '?'
  })
}
