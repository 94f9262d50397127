import { fromEpoch } from '../epoch-time.ts'
import { excerpt } from '../line-excerpt.ts'
import type { LineRow } from '../line-row.ts'
import { parseNumber, parsePlainNumber } from '../parse-number.ts'
import { readTimeCell, toSeconds } from '../time-cell.ts'
import type { TableSchema } from './table-schema.ts'

/** The time that a row's own cells tell. @returns What is wrong, in a clause. */
export function readRowTime(
  cells: readonly string[],
  { times, timeScale }: TableSchema,
): Pick<LineRow, 'time' | 'isElapsed'> | string {
  const [first, second] = times
  if (first === undefined) return {}
  const text = cells[first] ?? ''
  const cell = readTimeCell(text)
  if (typeof cell === 'string') return cell
  if (cell) {
    const clock = second === undefined ? undefined : readTimeCell(cells[second] ?? '')
    const whole = typeof clock === 'object' ? { ...cell, clock: clock.clock, zone: clock.zone } : cell
    const time = second !== undefined && typeof clock !== 'object' ? undefined : toSeconds(whole)
    return time === undefined ? `${excerpt(text)} is not a time` : { time }
  }
  const plain = parsePlainNumber(text)
  const value = Number.isNaN(plain) ? parseNumber(text, 'comma') : plain
  const time = timeScale === 0 ? fromEpoch(value) : value * timeScale
  if (time === undefined || !Number.isFinite(time)) return `${excerpt(text)} is not a time`
  return { time, isElapsed: timeScale !== 0 }
}
