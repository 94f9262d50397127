import { formatField } from '@zcast/subscribers/topics'

/** A column of a table of reports. */
export interface Column<Report> {
  /** Its name in CSV. */
  readonly name: string
  /** Its heading for people. */
  readonly head: string
  /** Characters that it takes at least; the last column takes what it needs. */
  readonly width: number
  /** Where it stands; numbers on the right. Default right. */
  readonly align?: 'left'
  /** The text for people. */
  readonly text: (report: Report) => string
  /** The value in CSV; `null` where there is none. */
  readonly value: (report: Report) => unknown
}

/** The column of topics. */
export function topicColumn<Report extends { readonly topic: string }>(): Column<Report> {
  return {
    name: 'topic',
    head: 'TOPIC',
    width: 14,
    align: 'left',
    text: ({ topic }) => formatTopicName(topic),
    value: ({ topic }) => topic,
  }
}

/** A column of numbers. */
export function numberColumn<Report>(
  name: string,
  head: string,
  read: (report: Report) => number | null,
  format: (figure: number | null) => string,
): Column<Report> {
  return { name, head, width: 7, text: (report) => format(read(report)), value: read }
}

/** A column of words, on the left. */
export function textColumn<Report>(
  name: string,
  head: string,
  read: (report: Report) => string,
): Column<Report> {
  return { name, head, width: 4, align: 'left', text: (report) => formatField(read(report)), value: read }
}

/** A table for people: a heading, and a line for each report. Columns grow with what they hold, and stay so. */
export class TableFormat<Report> {
  readonly #columns: readonly Column<Report>[]
  readonly #widths: number[]

  constructor(columns: readonly Column<Report>[]) {
    this.#columns = columns
    this.#widths = columns.map(({ head, width }) => Math.max(head.length, width))
  }

  lines(reports: readonly Report[]): { readonly head: string; readonly lines: readonly string[] } {
    const rows = reports.map((report) => this.#columns.map(({ text }) => text(report)))
    for (const row of rows)
      for (const [index, cell] of row.entries())
        this.#widths[index] = Math.max(this.#widths[index] ?? 0, cell.length)
    return {
      head: this.#join(this.#columns.map(({ head }) => head)),
      lines: rows.map((row) => this.#join(row)),
    }
  }

  #join(cells: readonly string[]): string {
    const padded = cells.map((cell, index) => {
      const width = this.#widths[index] ?? 0
      return this.#columns[index]?.align === 'left' ? cell.padEnd(width) : cell.padStart(width)
    })
    return padded.join('  ').trimEnd()
  }
}

/** The first line of a table as CSV. */
export function formatCsvHead<Report>(columns: readonly Column<Report>[]): string {
  return columns.map(({ name }) => quote(name)).join(',')
}

/** A report as a line of CSV (RFC 4180). */
export function formatCsvLine<Report>(columns: readonly Column<Report>[], report: Report): string {
  return columns
    .map(({ value }) => {
      const given = value(report)
      return given === null || given === undefined ? '' : quote(formatField(given))
    })
    .join(',')
}

function quote(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A rate for people, in a second; `-` where it is not known. */
export function formatRate(rate: number | null): string {
  if (rate === null) return '-'
  if (rate >= 1000) return String(Math.round(rate))
  return rate >= 100 ? rate.toFixed(1) : rate.toFixed(2)
}

/** Milliseconds for people; `-` where they are not known. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '-'
  const size = Math.abs(ms)
  return ms.toFixed(size < 10 ? 3 : size < 100 ? 2 : size < 10_000 ? 1 : 0)
}

/** Bytes for people; `-` where they are not known. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '-'
  if (bytes < 1000) return `${Math.round(bytes)} B`
  if (bytes < 1e6) return `${(bytes / 1000).toFixed(1)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(2)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

/** A topic for people. */
export function formatTopicName(topic: string): string {
  return topic === '' ? '(no topic)' : formatField(topic)
}
