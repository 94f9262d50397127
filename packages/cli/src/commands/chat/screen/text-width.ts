/** Code points of East Asian Width W or F that are no emoji, as ranges; unassigned ones of their blocks included. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
]
const ZERO = /^[\p{M}\p{Cf}\p{Cc}\u1160-\u11ff]$/u
/** Shown as a picture by itself, or because the selector behind it says so. */
const PICTURE = /^(?:\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** What people take for characters: an emoji of several code points is one. */
export function splitGraphemes(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment)
}

/** Columns that one grapheme takes in a terminal. */
export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && grapheme >= ' ' && grapheme <= '~') return 1
  if (PICTURE.test(grapheme)) return 2
  // Letters that are joined for people, as in Devanagari, have a column each.
  let width = 0
  for (const character of grapheme) width += characterWidth(character)
  return width
}

function characterWidth(character: string): number {
  if (ZERO.test(character)) return 0
  const point = character.codePointAt(0) ?? 0
  return WIDE.some(([from, to]) => point >= from && point <= to) ? 2 : 1
}

/** Columns that text takes in a terminal. */
export function textWidth(text: string): number {
  let width = 0
  for (const grapheme of splitGraphemes(text)) width += graphemeWidth(grapheme)
  return width
}

/** As much of the beginning of text as fits, with `…` where something is missing. */
export function fitText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  let [kept, width] = ['', 0]
  for (const grapheme of splitGraphemes(text)) {
    width += graphemeWidth(grapheme)
    if (width > columns - 1) break
    kept += grapheme
  }
  return columns > 0 ? `${kept}…` : ''
}

/**
 * Breaks text into rows, at blanks where there are some.
 *
 * @param first - Columns of the first row.
 * @param others - Columns of the others; at least 2.
 */
export function wrapText(text: string, first: number, others: number): string[] {
  const rows: string[] = []
  let [row, width, blank, widthAtBlank] = ['', 0, -1, 0]
  for (const grapheme of splitGraphemes(text)) {
    const columns = rows.length === 0 ? first : others
    const next = graphemeWidth(grapheme)
    if (grapheme === ' ') [blank, widthAtBlank] = [row.length, width + 1]
    if (width + next > columns && row !== '') {
      if (grapheme === ' ') {
        rows.push(row)
        ;[row, width, blank] = ['', 0, -1]
        continue
      }
      const isBroken = blank <= 0
      rows.push(isBroken ? row : row.slice(0, blank))
      ;[row, width] = isBroken ? ['', 0] : [row.slice(blank + 1), width - widthAtBlank]
      blank = -1
    }
    row += grapheme
    width += next
  }
  return [...rows, row]
}
