import { parseHeading } from '@zcast/shared/internal'
import { fromEpoch } from '../epoch-time.ts'
import { excerpt } from '../line-excerpt.ts'
import { splitCells } from '../line-cells.ts'
import { LineReader } from '../line-reader.ts'
import type { LineReading, LineRow } from '../line-row.ts'
import { isMissing, readSpecial } from '../missing-value.ts'
import { isTimeName } from '../time-name.ts'
import { splitQuoted, type QuotedCells, type Separator } from '../quoted-cells.ts'
import { describeTable, titleOf } from './describe-table.ts'
import { findHeading, isHeading, isHeadingBelow } from './heading.ts'
import { HeldLines, type RefusedLine } from './held-lines.ts'
import { readRowTime } from './row-time.ts'
import { kindOfCell } from './table-cell.ts'
import type { NumbersFormat } from './table-options.ts'
import { makeSchema, type TableSchema } from './table-schema.ts'

/** Rows of a table that have fewer columns than this are no table with texts: `Model,X1` above a table is one like it. */
const LEAST_COLUMNS_WITH_TEXTS = 3

/** No heading that a message has room for is longer. */
const MAX_HEADING_LENGTH = 64 * 1024

/** Reads the lines of a table: a heading perhaps, and rows of numbers, missing values, times and texts. */
export class TableReader {
  readonly held = new HeldLines()
  readonly lines: LineReader
  readonly #format: NumbersFormat
  readonly #refuse: (lines: readonly RefusedLine[]) => void
  readonly #tell: (sentence: string) => void
  #schema: TableSchema | undefined
  #separator: Separator | undefined

  /**
   * @param refuse - Called with lines that turn out to be no heading.
   * @param tell - Called with what the table was taken for.
   */
  constructor(
    format: NumbersFormat,
    refuse: (lines: readonly RefusedLine[]) => void,
    tell: (sentence: string) => void,
  ) {
    this.#format = format
    this.#refuse = refuse
    this.#tell = tell
    this.lines = new LineReader(format.decimal)
  }

  /** Reads a line that holds plain numbers only. @returns What is wrong with it as such, in a clause. */
  readNumbers(line: string): LineRow | string {
    const { separator, decimal } = this.#format
    if (separator !== undefined || decimal !== undefined) return 'it is not a row of the table'
    const data = this.lines.read(line)
    if (typeof data === 'string') return data
    const schema = this.#schema
    if (schema === undefined || schema.cells !== data.length || !this.held.isEmpty) {
      // A row whose last cell is empty looks like one with fewer cells, and is read with care.
      if (schema && schema.cells !== data.length && isFixed(schema, this.#format))
        return wrongCount(data.length, schema)
      const made = this.#makeSchema(Array.from(data, String), line, findSeparator(line))
      if (typeof made === 'string') return made
      return pickNumbers(data, made)
    }
    return pickNumbers(data, schema)
  }

  /**
   * Reads any other line.
   *
   * @param line - What is wrong with it as anything else, and whether it is a label with something that is no value.
   */
  readCells(
    text: string,
    line: { readonly number: number; readonly reason: string; readonly isPair?: boolean },
  ): LineReading {
    const split = this.#split(text)
    if (typeof split === 'string') return line.isPair === true ? line.reason : split
    const { cells, separator } = split
    const kinds = cells.map(kindOfCell)
    const texts = kinds.filter((kind) => kind === 'text').length
    const isRow =
      kinds.includes('number') || (this.#schema !== undefined && texts === 0) || cells.some(isNotANumber)
    if (isRow && (texts === 0 || this.#mayHaveTexts(cells, texts, separator))) {
      const schema = this.#schemaFor(cells, text, separator)
      return typeof schema === 'string' ? schema : this.#pick(split, schema)
    }
    const mayBeHeading = line.isPair !== true && (this.#schema ? isHeadingBelow(cells) : isHeading(cells))
    if (text.length > MAX_HEADING_LENGTH || (this.#schema && !mayBeHeading)) return line.reason
    this.#refuse(this.held.add({ number: line.number, text, reason: line.reason, cells, mayBeHeading }))
    return undefined
  }

  /** Takes a comment, which may be a heading as programs for tables of numbers write it: `# time temp hum`. */
  readComment(text: string): void {
    if (this.#schema || text.length > MAX_HEADING_LENGTH) return
    const split = this.#split(text)
    if (typeof split === 'string' || split.cells.length < 2) return
    const { cells, separator } = split
    // Words of a sentence stand between blanks, too.
    if (!isHeading(cells) || (separator === ' ' && !isTimeName(parseHeading(cells[0] ?? '').name))) return
    this.#refuse(this.held.add({ number: 0, text, reason: '', cells, mayBeHeading: true, isComment: true }))
  }

  /** What was there at once has been read. */
  goLive(): void {
    this.#refuse(this.held.goLive())
  }

  /** At the end: what waits for a row is no heading. */
  end(): void {
    this.#refuse(this.held.take())
  }

  #split(text: string): QuotedCells | string {
    const expected = this.#schema?.cells
    if (this.#format.separator === undefined && this.#separator !== undefined) {
      const asBefore = splitQuoted(text, this.#separator)
      if (typeof asBefore === 'object' && asBefore.cells.length === expected) return asBefore
    }
    const split = this.#splitAnew(text)
    if (typeof split === 'string') return split
    // Some programs end each line with a separator.
    const { cells } = split
    if (cells.length > 1 && cells.at(-1) === '' && !text.endsWith('"') && cells.length !== expected)
      cells.pop()
    return split
  }

  #splitAnew(text: string): QuotedCells | string {
    const { separator, decimal } = this.#format
    if (separator !== undefined || decimal !== 'comma') return splitQuoted(text, separator)
    const given = ([';', '\t', '|', ' '] as const).find((mark) => text.includes(mark))
    return given === undefined ? { separator: undefined, cells: [text] } : splitQuoted(text, given)
  }

  /** A column of texts has a name above it, or is known. */
  #mayHaveTexts(cells: readonly string[], texts: number, separator: Separator | undefined): boolean {
    if (this.#schema?.cells === cells.length && this.held.isEmpty)
      return cells.length - texts > 0 && (this.#schema.texts.length > 0 || !isHeading(cells))
    const [heading] = this.held.cells.slice(-1)
    return (
      separator !== ' ' &&
      cells.length >= LEAST_COLUMNS_WITH_TEXTS &&
      texts * 2 <= cells.length &&
      heading?.length === cells.length &&
      heading.every((cell) => kindOfCell(cell) === 'text')
    )
  }

  #schemaFor(cells: readonly string[], text: string, separator: Separator | undefined): TableSchema | string {
    const schema = this.#schema
    if (schema === undefined || !this.held.isEmpty) return this.#makeSchema(cells, text, separator)
    const isSame = schema.cells === cells.length
    if (isSame && (schema.hasHeading || schema.times.length > 0 || !cells.some(isTime))) return schema
    return isFixed(schema, this.#format)
      ? wrongCount(cells.length, schema)
      : this.#makeSchema(cells, text, separator)
  }

  #makeSchema(
    cells: readonly string[],
    text: string,
    separator: Separator | undefined,
  ): TableSchema | string {
    const heading = findHeading(this.held.cells, cells.length)
    const before = this.#schema
    if (before && !heading && isFixed(before, this.#format)) {
      this.#refuse(this.held.take())
      return before.cells === cells.length ? before : wrongCount(cells.length, before)
    }
    const schema = makeSchema(cells, heading, this.#format)
    if (typeof schema === 'string') return schema
    this.#separator = separator
    this.#schema = schema
    const title = text.startsWith('[') ? 'JSON arrays' : titleOf(this.#separator)
    if (heading && this.#separator === ',') this.lines.settleCommas()
    if (heading) this.held.take()
    else this.#refuse(this.held.take())
    if (heading || !before) this.#tell(describeTable(schema, title, heading?.above ?? 0))
    return schema
  }

  #pick({ cells, separator }: QuotedCells, schema: TableSchema): LineRow | string {
    const time = readRowTime(cells, schema)
    if (typeof time === 'string') return time
    const data = new Float64Array(schema.values.length)
    const [present, places]: [string[], number[]] = [[], []]
    for (const [place, column] of schema.values.entries()) {
      const cell = cells[column] as string
      const special = readSpecial(cell)
      if (special !== undefined) data[place] = special
      else {
        present.push(cell)
        places.push(place)
      }
    }
    if (present.length > 0) {
      const read = this.lines.readCells(present, separator)
      if (typeof read === 'string') return read
      for (const [index, place] of places.entries()) data[place] = read[index] as number
    }
    return { data, labels: schema.labels, ...time }
  }
}

/** The separator of a line of plain numbers. */
function findSeparator(line: string): Separator | undefined {
  const split = splitCells(line.trim())
  if (typeof split === 'string') return undefined
  if (split.separator !== ' ') return split.separator
  // Commas may be decimal signs between blanks.
  return split.cells.length === 1 ? undefined : line.includes('\t') ? '\t' : ' '
}

/** A table that names its columns has as many cells in each line. */
function isFixed({ hasHeading }: TableSchema, { columns }: NumbersFormat): boolean {
  return hasHeading || columns !== undefined
}

function wrongCount(count: number, { cells }: TableSchema): string {
  return `it has ${count === 1 ? '1 cell' : `${count} cells`}, and its table has ${cells}`
}

function pickNumbers(
  data: Float64Array,
  { cells, values, times, timeScale, labels }: TableSchema,
): LineRow | string {
  const [column] = times
  if (column === undefined) {
    return { data: values.length === cells ? data : gather(data, values), labels }
  }
  const stamp = data[column] as number
  const time = timeScale === 0 ? fromEpoch(stamp) : stamp * timeScale
  if (time === undefined) return `${excerpt(String(stamp))} is not a time`
  const isFirst = column === 0 && values.length === cells - 1
  return { data: isFirst ? data.subarray(1) : gather(data, values), labels, time, isElapsed: timeScale !== 0 }
}

function gather(data: Float64Array, columns: readonly number[]): Float64Array {
  return Float64Array.from(columns, (column) => data[column] as number)
}

function isTime(cell: string): boolean {
  return kindOfCell(cell) === 'time'
}

/** The word itself; a dash or nothing may as well be an ornament. */
function isNotANumber(cell: string): boolean {
  return isMissing(cell) && /nan/i.test(cell)
}
