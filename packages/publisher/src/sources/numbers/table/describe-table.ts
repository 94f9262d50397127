import type { ColumnLabels } from '@zcast/shared'
import { escapeControls, formatHeading } from '@zcast/shared/internal'
import type { Separator } from '../quoted-cells.ts'
import type { TableSchema } from './table-schema.ts'

const TITLES: Readonly<Record<Separator, string>> = {
  ',': 'CSV',
  ';': 'CSV with semicolons',
  '\t': 'values between tabs',
  '|': 'values between pipes',
  ' ': 'values between blanks',
}

/** More names than this are counted only. */
const MOST_NAMES = 12

/** What a table was taken for: `CSV, 3 columns: temp, humidity, pressure; times in column 1`. */
export function describeTable(schema: TableSchema, title: string, above: number): string {
  const { values, times, texts, timeScale, labels } = schema
  const parts = [`${title}, ${describeColumns(values.length, labels)}`]
  if (times.length > 0) parts.push(`times in column ${listColumns(times)}${describeScale(timeScale)}`)
  if (texts.length > 0) parts.push(`texts in column ${listColumns(texts)} left out`)
  if (above > 0) parts.push(`${above === 1 ? '1 line' : `${above} lines`} above the names passed over`)
  return parts.join('; ')
}

/** `3 columns: temp [°C], humidity, pressure`. */
export function describeColumns(count: number, labels: ColumnLabels | undefined): string {
  const columns = count === 1 ? '1 column' : `${count} columns`
  const { names, units } = labels ?? {}
  if (!names) return `${columns} without names`
  const shown = names
    .slice(0, MOST_NAMES)
    .map((name, index) => formatHeading(name, units?.[index] || undefined))
  const more = names.length - shown.length
  return `${columns}: ${escapeControls(shown.join(', '))}${more > 0 ? ` and ${more} more` : ''}`
}

/** What is called a line between this separator, and in JSON where there is none. */
export function titleOf(separator: Separator | undefined): string {
  return separator === undefined ? 'one number a line' : TITLES[separator]
}

function listColumns(columns: readonly number[]): string {
  return columns.map((column) => column + 1).join(' and ')
}

function describeScale(scale: number): string {
  if (scale === 0) return ''
  const unit = {
    1: 'seconds',
    0.001: 'milliseconds',
    0.000001: 'microseconds',
    60: 'minutes',
    3600: 'hours',
  }[scale]
  return unit === undefined ? '' : ` (${unit} from the first one)`
}
