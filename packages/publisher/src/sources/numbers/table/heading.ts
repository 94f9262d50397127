import { parseHeading } from '@zcast/shared/internal'
import { secondsOf } from '../epoch-time.ts'
import { parsePlainNumber } from '../parse-number.ts'
import { isTimeName } from '../time-name.ts'
import { kindOfCell } from './table-cell.ts'

/** The names and units of the columns of a table. */
export interface Heading {
  readonly names: readonly string[]
  /** As many; empty where a unit is unknown. */
  readonly units: readonly string[]
  /** How many lines above the heading were passed over. */
  readonly above: number
}

/** Where data loggers say how they came by their values. */
const PROCESSING = /^(?:smp|avg|min|max|std|tot|med|wvc|rn|ts)?$/i

const UNIT =
  /^(?:\[.*\]|\(.*\)|[%°‰#]|deg ?[cfk]?|°? ?[cfk]|ts|rn|(?:[yzafpnuµμmcdhkMGT]?(?:s|sec|m|g|v|a|w|hz|pa|bar|j|n|ohms?|Ω|l|mol|lx|t|db|dbm|wb|f|h))(?:[/^²³·*]\S*)?|seconds?|volts?|amperes?|amps?|watts?|hertz|kelvin|celsius|minutes?|hours?|days?|psi|rpm|ppm|ppb|ph|in|ft|mph|kmh|km\/h|%rh|rh|unitless|none|vdc|vac|min|raw)?$/i

/**
 * Finds the heading of a table among the lines above its first row, the nearest last: names, below them perhaps units,
 * below those perhaps what a logger did.
 */
export function findHeading(lines: readonly (readonly string[])[], columns: number): Heading | undefined {
  const rows: (readonly string[])[] = []
  for (let index = lines.length - 1; index >= 0; index--) {
    const cells = withoutComments(lines[index] as readonly string[], columns)
    if (cells.length !== columns) break
    rows.push(cells)
  }
  let at = 0
  const below = (): boolean => at + 1 < rows.length && isHeading(rows[at + 1])
  while (below() && isProcessing(rows[at])) at += 1
  const units = below() && (rows[at] ?? []).every((cell) => UNIT.test(cell)) ? rows[at] : undefined
  const names = rows[units ? at + 1 : at]
  if (!names || !isHeading(names)) return undefined
  const above = lines.length - (units ? at + 2 : at + 1)
  if (units) return { names, units: units.map((unit) => unit.replaceAll(/^[[(]|[\])]$/g, '')), above }
  const headings = names.map(parseHeading)
  return { names: headings.map(({ name }) => name), units: headings.map(({ unit }) => unit), above }
}

/** LabVIEW names a column of comments, which its rows do not have. */
function withoutComments(cells: readonly string[], columns: number): readonly string[] {
  return cells.length === columns + 1 && /^comments?$/i.test(cells.at(-1) ?? '') ? cells.slice(0, -1) : cells
}

/** True for cells that may be names: texts, or whole numbers behind the name of a time. */
export function isHeading(cells: readonly string[] = []): boolean {
  const numbers = cells.filter((cell) => !Number.isNaN(parsePlainNumber(cell)))
  if (numbers.length === 0) return cells.some((cell) => cell !== '')
  const [first = ''] = cells
  return (
    isTimeName(first) || (numbers.length < cells.length && numbers.every((cell) => /^\d{1,4}$/.test(cell)))
  )
}

/** True for cells that are names although rows stand above them. What a sensor says of a failure is none. */
export function isHeadingBelow(cells: readonly string[]): boolean {
  if (isTimeName(cells[0] ?? '')) return true
  const isText = cells.every((cell) => /\p{L}/u.test(cell) && kindOfCell(cell) === 'text')
  return cells.length > 1 && isText && new Set(cells).size === cells.length
}

function isProcessing(cells: readonly string[] = []): boolean {
  return cells.every((cell) => PROCESSING.test(cell)) && cells.some((cell) => !/^(?:|ts|rn)$/i.test(cell))
}

/** Seconds in the unit of a heading's column of times. */
export function timeUnit(heading: Heading, column: number): number | undefined {
  return secondsOf(heading.units[column] ?? '')
}
