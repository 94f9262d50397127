const SEPARATORS = [';', '\t', '|', ',', ' '] as const

/** A character that may stand between cells. */
export type Separator = (typeof SEPARATORS)[number]

/** Cells of a line some of which are in quotes, and which separator it has. */
export interface QuotedCells {
  readonly separator: Separator | undefined
  readonly cells: string[]
}

/**
 * Splits a line at its separator, except in quotes; two quotes in a quoted cell are one.
 *
 * @param given - The separator. Default: the first of semicolon, tab, pipe, comma and blank that stands outside of quotes.
 * @returns What is wrong, in a clause, where a quote does not end, or something stands beside one.
 */
export function splitQuoted(text: string, given?: Separator): QuotedCells | string {
  const outside = text.replaceAll(/"(?:[^"]|"")*"/g, '')
  if (outside.includes('"')) return 'a quote in it does not end'
  const separator = given ?? SEPARATORS.find((mark) => outside.includes(mark))
  const cells: string[] = []
  let start = 0
  for (let index = 0, isQuoted = false; index <= text.length; index++) {
    if (text[index] === '"') isQuoted = !isQuoted
    else if (index === text.length || (!isQuoted && text[index] === separator)) {
      const cell = unquote(text.slice(start, index).trim())
      if (cell === undefined) return 'something stands beside a quote in it'
      if (separator !== ' ' || index > start) cells.push(cell)
      start = index + 1
    }
  }
  return { separator, cells }
}

function unquote(cell: string): string | undefined {
  if (!cell.includes('"')) return cell
  if (!/^"(?:[^"]|"")*"$/.test(cell)) return undefined
  return cell.slice(1, -1).replaceAll('""', '"')
}
