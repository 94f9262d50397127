import { type ColumnLabels, MAX_LABEL_BYTES } from '@zcast/shared'
import { MAX_LABELS_BYTES } from '@zcast/shared/internal'
import { fromEpoch } from '../epoch-time.ts'
import { excerpt } from '../line-excerpt.ts'
import { parsePlainNumber } from '../parse-number.ts'
import { readTimeCell } from '../time-cell.ts'
import { isTimeName, unitOfTimeName } from '../time-name.ts'
import { timeUnit, type Heading } from './heading.ts'
import { kindOfCell, type CellKind } from './table-cell.ts'
import type { NumbersFormat } from './table-options.ts'

/** Which columns of a table hold what. */
export interface TableSchema {
  /** Cells in a line. */
  readonly cells: number
  /** The columns that are values, in order. */
  readonly values: readonly number[]
  /** Those that together tell the time: a day and a time of day may stand in two. None: the time is that of arrival. */
  readonly times: readonly number[]
  /** Seconds in the unit of times that are numbers; 0 where they count from the Unix epoch. */
  readonly timeScale: number
  /** Texts, which are left out. */
  readonly texts: readonly number[]
  readonly labels: ColumnLabels | undefined
  readonly hasHeading: boolean
}

/**
 * Works out what the columns of a table hold, from its heading and its first row.
 *
 * @returns What is wrong with the row, in a clause.
 */
export function makeSchema(
  cells: readonly string[],
  heading: Heading | undefined,
  format: NumbersFormat,
): TableSchema | string {
  const kinds = cells.map(kindOfCell)
  const times = findTimes(cells, kinds, heading, format)
  if (typeof times === 'string') return times
  const texts = kinds.flatMap((kind, column) =>
    (kind === 'text' || kind === 'time') && !times.includes(column) ? [column] : [],
  )
  const candidates = kinds.flatMap((_, column) =>
    times.includes(column) || texts.includes(column) ? [] : [column],
  )
  const chosen = chooseColumns(candidates, heading, format)
  if (typeof chosen === 'string') return chosen
  const wrong = checkNames(chosen.labels)
  if (wrong !== undefined) return wrong
  if (chosen.values.length === 0) return 'it holds no numbers'
  const [time] = times
  return {
    cells: cells.length,
    times,
    timeScale: time === undefined ? 0 : scaleOf(cells[time] ?? '', time, heading),
    texts,
    hasHeading: heading !== undefined,
    ...chosen,
  }
}

function findTimes(
  cells: readonly string[],
  kinds: readonly CellKind[],
  heading: Heading | undefined,
  { timeColumn }: NumbersFormat,
): readonly number[] | string {
  if (timeColumn === 'none') return []
  if (timeColumn !== undefined) {
    const named = heading?.names.indexOf(timeColumn) ?? -1
    const column = named === -1 ? Number(timeColumn) - 1 : named
    if (kinds[column] === undefined) return `it has no column ${excerpt(timeColumn)}`
    if (kinds[column] === 'text') return `${excerpt(cells[column] ?? '')} is not a time`
    return withClock(cells, column)
  }
  const first = kinds.indexOf('time')
  if (first !== -1) return withClock(cells, first)
  const named =
    heading?.names.findIndex(
      (name, column) => kinds[column] === 'number' && holdsTimes(cells, heading, column, name),
    ) ?? -1
  return named === -1 ? [] : [named]
}

/** A day in one column and a time of day in another are one time. @returns What is wrong with a date, in a clause. */
function withClock(cells: readonly string[], column: number): readonly number[] | string {
  const cell = readTimeCell(cells[column] ?? '')
  if (typeof cell === 'string') return cell
  if (!cell || cell.clock !== undefined) return [column]
  const clock = cells.findIndex((text) => {
    const other = readTimeCell(text)
    return typeof other === 'object' && other.day === undefined
  })
  return clock === -1 ? [column] : [column, clock]
}

function holdsTimes(cells: readonly string[], heading: Heading, column: number, name: string): boolean {
  const value = parsePlainNumber(cells[column] ?? '')
  if (isTimeName(name)) return fromEpoch(value) !== undefined || !/date/i.test(name)
  // An oscilloscope calls it "x-axis", in seconds.
  return (
    column === 0 &&
    cells.length > 1 &&
    timeUnit(heading, column) !== undefined &&
    /\btime\b|^x\b|^t$/i.test(name)
  )
}

function scaleOf(cell: string, column: number, heading: Heading | undefined): number {
  if (readTimeCell(cell) !== undefined || fromEpoch(parsePlainNumber(cell)) !== undefined) return 0
  if (!heading) return 1
  return timeUnit(heading, column) ?? unitOfTimeName(heading.names[column] ?? '') ?? 1
}

function chooseColumns(
  candidates: readonly number[],
  heading: Heading | undefined,
  { columns }: NumbersFormat,
): Pick<TableSchema, 'values' | 'labels'> | string {
  if (!columns) return { values: candidates, labels: heading && labelsOf(candidates, heading) }
  const found = columns.map((name) => candidates.find((column) => heading?.names[column] === name))
  if (heading && !found.includes(undefined)) {
    const values = found as number[]
    return { values, labels: labelsOf(values, heading) }
  }
  if (columns.length === candidates.length) return { values: candidates, labels: { names: columns } }
  const has = heading
    ? candidates.map((column) => heading.names[column]).join(', ')
    : `${candidates.length} columns`
  return `it has ${has}, and the columns asked for are ${columns.join(', ')}`
}

function labelsOf(columns: readonly number[], { names, units }: Heading): ColumnLabels | undefined {
  const own = columns.map((column) => names[column] ?? '')
  const ownUnits = columns.map((column) => units[column] ?? '')
  // Positions as names are how columns without names are written.
  if (own.every((name, column) => name === String(column)) && ownUnits.every((unit) => unit === ''))
    return undefined
  return ownUnits.some((unit) => unit !== '') ? { names: own, units: ownUnits } : { names: own }
}

function checkNames(labels: ColumnLabels | undefined): string | undefined {
  const { names = [], units = [] } = labels ?? {}
  const long = [...names, ...units].find((name) => Buffer.byteLength(name) > MAX_LABEL_BYTES)
  if (long !== undefined) return `the name ${excerpt(long)} is longer than ${MAX_LABEL_BYTES} bytes`
  const bytes = [...names, ...units].reduce((sum, name) => sum + Buffer.byteLength(name) + 2, 0)
  return bytes > MAX_LABELS_BYTES
    ? 'its names are too long together: give shorter ones with --columns'
    : undefined
}
