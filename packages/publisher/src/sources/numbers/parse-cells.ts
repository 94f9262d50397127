import { excerpt } from './line-excerpt.ts'
import { parseNumber, parsePlainNumber, type DecimalSign } from './parse-number.ts'

/** Reads cells as plain numbers, or with groups and the given decimal sign; `undefined` when one of them is none. */
export function parseCells(
  cells: readonly string[],
  sign: DecimalSign | 'plain' = 'plain',
): Float64Array | undefined {
  const data = new Float64Array(cells.length)
  for (let index = 0; index < data.length; index++) {
    const cell = cells[index] as string
    const value = sign === 'plain' ? parsePlainNumber(cell) : parseNumber(cell, sign)
    if (Number.isNaN(value)) return undefined
    data[index] = value
  }
  return data
}

/** What is wrong with cells that can be read with neither decimal sign, in a clause. */
export function describeWrongCells(cells: readonly string[]): string {
  const isNumber = (cell: string, sign: DecimalSign): boolean => !Number.isNaN(parseNumber(cell, sign))
  const wrong = cells.find((cell) => !isNumber(cell, 'point') && !isNumber(cell, 'comma'))
  if (wrong !== undefined) return wrong === '' ? 'a cell of it is empty' : `${excerpt(wrong)} is not a number`
  const pointed = cells.find((cell) => !isNumber(cell, 'comma')) ?? ''
  const other = cells.find((cell) => !isNumber(cell, 'point')) ?? ''
  return `${excerpt(pointed)} has a decimal point and ${excerpt(other)} a decimal comma`
}
