// oxlint-disable-next-line no-control-regex -- finding what is beyond ASCII is the purpose
const BEYOND_ASCII = /[^\u0000-\u007f]/
const MINUS = /[\u2212\u2012\u2013\ufe63\uff0d]/g
const BLANK = /[\u1680\u2000-\u2006\u2007\u2008\u200a\u205f\u3000]/g
/** Blanks that group thousands between digits, and are padding elsewhere. */
const PADDING = /(?<!\d)[\u00a0\u2009\u202f]|[\u00a0\u2009\u202f](?!\d)/g

/**
 * Takes blanks and NULs off the ends of a line, and writes the minus signs, apostrophes and blanks of typesetters as ASCII
 * has them; blanks that group thousands stay.
 */
export function toPlainCharacters(line: string): string {
  const text = line.includes('\0') ? trimNuls(line) : line.trim()
  if (!BEYOND_ASCII.test(text)) return text
  return text
    .replaceAll(MINUS, '-')
    .replaceAll('\u2019', "'")
    .replaceAll(BLANK, ' ')
    .replaceAll(PADDING, ' ')
    .trim()
}

/** A loop, as an expression that looks for NULs before an end takes the square of their number. */
function trimNuls(line: string): string {
  let [start, end] = [0, line.length]
  while (start < end && isPadding(line[start])) start += 1
  while (end > start && isPadding(line[end - 1])) end -= 1
  return line.slice(start, end)
}

function isPadding(character = ''): boolean {
  return character === '\0' || character.trim() === ''
}
