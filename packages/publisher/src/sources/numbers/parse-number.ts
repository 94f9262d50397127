/** Which sign stands before the decimals. The other one may group thousands. */
export type DecimalSign = 'point' | 'comma'

// Unambiguous, so that a long line of junk is refused in one pass.
const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

/** With thousands that may be grouped by the other sign, and with Fortran's exponents (`1.5D+03`). */
const GRAMMARS: Readonly<Record<DecimalSign, RegExp>> = {
  point: /^[+-]?(?:(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d*)?|\.\d+)(?:[eEdD][+-]?\d+)?$/,
  comma: /^[+-]?(?:(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d+)?|,\d+)(?:[eEdD][+-]?\d+)?$/,
}

/** Thousands grouped by apostrophes or by blanks, no-break ones included; by one kind of them. */
const GROUPED = /^[+-]?[1-9]\d{0,2}(['\u0020\u00a0\u2009\u202f])\d{3}(?:\1\d{3})*(?!\d)/

/**
 * Reads a number as most programs write it: with a decimal point and no groups, such as `-1.5e-7`.
 *
 * @returns NaN when the text is anything else. `Number('')` is 0 and `Number('0x10')` is 16: neither is what a table of
 *   numbers means.
 */
export function parsePlainNumber(text: string): number {
  return PLAIN.test(text) ? Number(text) : Number.NaN
}

/**
 * Reads a number as people write it: `1,234.5` with a decimal point, `1.234,5` with a decimal comma, `1'234.5`, `1.5D+03`.
 *
 * @returns NaN when the text is anything else.
 */
export function parseNumber(text: string, sign: DecimalSign): number {
  const ungrouped = text.replace(GROUPED, (groups) => groups.replaceAll(/[^\d+-]/g, ''))
  if (!GRAMMARS[sign].test(ungrouped)) return Number.NaN
  const pointed =
    sign === 'point' ? ungrouped.replaceAll(',', '') : ungrouped.replaceAll('.', '').replace(',', '.')
  return Number(pointed.replace(/[dD]/, 'e'))
}

const FIRST_GROUP = /^[+-]?[1-9]\d{0,2}$/
const NEXT_GROUP = /^\d{3}$/
const LAST_GROUP: Readonly<Record<DecimalSign, RegExp>> = { point: /^\d{3}\.\d*$/, comma: /^\d{3},\d+$/ }

/**
 * Tells whether cells may as well be numbers whose thousands are grouped by what separates the cells: `1,234.5` split at
 * its comma.
 */
export function mayBeGroups(cells: readonly string[], sign: DecimalSign): boolean {
  // What a number may have come to: its first group alone, which is not grouped yet; more of it; its decimals.
  let [first, more, last] = [false, false, true]
  for (const cell of cells) {
    const [mayBegin, mayGoOn] = [more || last, first || more]
    first = mayBegin && FIRST_GROUP.test(cell)
    more = mayGoOn && NEXT_GROUP.test(cell)
    last = mayGoOn && LAST_GROUP[sign].test(cell)
  }
  return cells.length > 1 && (more || last)
}
