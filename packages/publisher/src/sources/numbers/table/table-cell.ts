import { readSpecial } from '../missing-value.ts'
import { parseNumber, parsePlainNumber } from '../parse-number.ts'
import { readTimeCell } from '../time-cell.ts'

/** What a cell holds; `special` is a missing value or an infinity. */
export type CellKind = 'number' | 'special' | 'time' | 'text'

/** Tells what a cell holds. */
export function kindOfCell(cell: string): CellKind {
  if (!Number.isNaN(parsePlainNumber(cell))) return 'number'
  if (readSpecial(cell) !== undefined) return 'special'
  if (!Number.isNaN(parseNumber(cell, 'point')) || !Number.isNaN(parseNumber(cell, 'comma'))) return 'number'
  return readTimeCell(cell) === undefined ? 'text' : 'time'
}
