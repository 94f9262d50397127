/** A line, split. Blanks stand for tabs as well. */
export interface LineCells {
  readonly separator: ';' | '|' | ',' | ' '
  readonly cells: string[]
  /** Whether blanks stand beside the separators. */
  readonly hasBlanks?: boolean
  /** What stands between commas with a blank, where there are also commas without one, as in `1,5, 2,25`. */
  readonly mixed?: readonly string[] | undefined
}

const BLANKS = /[ \t]+/

/**
 * Splits a line at the one separator that it has: semicolons if there are any, else pipes; else commas, where blanks only
 * stand beside them; else blanks. Commas inside of what blanks separate belong to the numbers.
 *
 * @param text - Without blanks at its ends.
 * @returns What is wrong, in a clause, when blanks and commas both separate.
 */
export function splitCells(text: string): LineCells | string {
  const hasBlanks = BLANKS.test(text)
  const separator = text.includes(';') ? ';' : text.includes('|') ? '|' : undefined
  if (separator !== undefined) {
    const cells = text.replace(/^\|/, '').split(separator)
    return { separator, cells: hasBlanks ? cells.map(trim) : cells }
  }
  if (!text.includes(',')) return { separator: ' ', cells: hasBlanks ? text.split(BLANKS) : [text] }
  if (!hasBlanks) return { separator: ',', cells: text.split(',') }
  const words = text.split(BLANKS)
  if (!words.some((word) => word.startsWith(',') || word.endsWith(',')))
    return { separator: ' ', cells: words }
  const cells = text.split(',').map(trim)
  if (cells.some((cell) => BLANKS.test(cell))) return 'both blanks and commas stand between its numbers'
  // Numbers that are padded to a width have blanks of any length.
  const isMixed = words.some((word) => word.slice(0, -1).includes(',')) && !/ {2}|\t| ,/.test(text)
  return { separator: ',', cells, hasBlanks: true, mixed: isMixed ? text.split(', ') : undefined }
}

/**
 * Tells whether cells between tabs hold blanks that may group thousands: `1 234\t5 678` is two numbers or four.
 */
export function hasGroupsBetweenTabs(text: string): boolean {
  return (
    text.includes('\t') &&
    text.split('\t').some((cell) => /^[+-]?[1-9]\d{0,2}(?: \d{3})+(?!\d)\S*$/.test(trim(cell)))
  )
}

function trim(text: string): string {
  return text.trim()
}
