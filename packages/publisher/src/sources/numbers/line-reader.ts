import { readJsonLine } from './json-line.ts'
import { hasGroupsBetweenTabs, splitCells, type LineCells } from './line-cells.ts'
import { toPlainCharacters } from './line-characters.ts'
import { LineDoubt, type CommaRole } from './line-doubt.ts'
import { excerpt } from './line-excerpt.ts'
import { describeWrongCells, parseCells } from './parse-cells.ts'
import { mayBeGroups, parseNumber, type DecimalSign } from './parse-number.ts'
import type { Separator } from './quoted-cells.ts'
import { MAX_COUNT } from './random-numbers-source.ts'

const BLANK_GROUPS = 'blanks in it may group thousands or stand between numbers: put semicolons between them'

/** A zero before further digits, behind a comma: rare in a number, usual in decimals and in thousands. */
const ZERO_BEHIND_COMMA = /,[+-]?0\d/

const NO_BREAK_SPACE = /[\u00a0\u2009\u202f]/

/**
 * Reads the lines of a stream as arrays of numbers: JSON arrays, or numbers between semicolons, pipes, commas, tabs or
 * blanks. One separator a line decides: where that is another one, commas belong to the numbers. A line that can be read
 * in two ways is read as other lines say; where none does it is refused, or read in the usual way, of which `doubt` tells.
 */
export class LineReader {
  /** Lines that were read in the usual way although there is another. */
  readonly doubt = new LineDoubt()
  readonly #decimal: DecimalSign | undefined
  #comma: CommaRole | undefined
  /** Cells of the newest line that had several. */
  #cells = 0

  /** @param decimal - What stands before decimals in cells, where that is known. Default: it is found out. */
  constructor(decimal?: DecimalSign) {
    this.#decimal = decimal
  }

  /** @returns 1 to 1,000,000 finite numbers; what is wrong, in a clause, when the line is anything else. */
  read(line: string): Float64Array | string {
    const text = toPlainCharacters(line)
    const data = text.startsWith('[') ? readJsonLine(text) : this.#readText(text, line)
    return typeof data === 'string' ? data : checkSize(data)
  }

  /**
   * Reads cells that are known to stand apart, as where others of their line are empty, in quotes, or times.
   *
   * @param separator - What stands between them, which a comma within them is not.
   * @returns Finite numbers, or what is wrong, in a clause.
   */
  readCells(cells: readonly string[], separator: Separator | undefined): Float64Array | string {
    const data = this.#decimal
      ? (parseCells(cells, this.#decimal) ?? describeWrongCells(cells))
      : this.#readWithCommas({ separator, cells })
    return typeof data === 'string' ? data : checkSize(data)
  }

  /** A heading has told that commas stand between the numbers of this stream. */
  settleCommas(): void {
    this.#comma = 'separator'
    this.doubt.settle('separator')
  }

  #readText(text: string, line: string): Float64Array | string {
    const split = splitCells(text)
    if (typeof split === 'string') return split
    const { separator, cells } = split
    const before = this.#cells
    if (cells.length > 1 && cells.at(-1) === '') {
      // Some programs end each line with a separator; where the line before had as many cells, the last is empty.
      if (cells.length === before) return 'its last cell is empty'
      cells.pop()
    }
    if (cells.length > 1) this.#cells = cells.length
    if (separator === ',') return this.#readBetweenCommas(split)
    if (separator === ' ' && cells.length < before && line.split('\t').length === before) {
      this.#cells = before
      return 'a cell between its tabs is empty'
    }
    if (separator === ' ' && hasGroupsBetweenTabs(text)) return BLANK_GROUPS
    return this.#readWithCommas(split)
  }

  /** Reads cells that something else than commas separates: commas belong to the numbers. */
  #readWithCommas({
    separator,
    cells,
  }: {
    readonly separator: Separator | undefined
    readonly cells: readonly string[]
  }): Float64Array | string {
    const plain = this.#comma === 'decimal' ? undefined : parseCells(cells)
    if (plain) return plain
    const withPoint = parseCells(cells, 'point')
    const withComma = parseCells(cells, 'comma')
    const comma = cells.find((cell) => cell.includes(','))
    if (!withComma) {
      if (!withPoint) return describeWrongCells(cells)
      return comma === undefined ? withPoint : this.#settle('group', withPoint)
    }
    if (this.#comma === 'decimal') return withComma
    if (separator === ' ' && mayBeGroups(cells, 'comma')) return BLANK_GROUPS
    if (!withPoint) return this.#settle('decimal', withComma)
    if (comma === undefined || this.#comma === 'group') return withPoint
    if (separator !== ';') return `the comma in ${excerpt(comma)} may be a decimal sign or group thousands`
    // Programs write semicolons between numbers where people write decimal commas.
    this.doubt.add(cells.join(';'), 'decimal')
    return withComma
  }

  #readBetweenCommas({ cells, hasBlanks, mixed }: LineCells): Float64Array | string {
    const isSettled = this.#comma === 'separator'
    if (mixed && !isSettled) {
      const numbers = parseCells(mixed, 'comma')
      if (numbers)
        return this.#comma === 'decimal'
          ? numbers
          : 'its commas may be decimal signs or stand between numbers'
    }
    const text = isSettled ? '' : cells.join(',')
    const number = isSettled ? undefined : this.#readOne(text)
    if (number) return number
    const data = parseCells(cells) ?? parseCells(cells, 'point')
    if (!data) return describeWrongCells(cells)
    return isSettled || hasBlanks ? data : this.#weigh(text, cells, data)
  }

  /** Reads the whole text as one number, where lines before it or its no-break spaces say that its commas belong to it. */
  #readOne(text: string): Float64Array | undefined {
    const role = this.#comma ?? (NO_BREAK_SPACE.test(text) ? 'decimal' : undefined)
    if (role === undefined) return undefined
    const number = parseNumber(text, role === 'decimal' ? 'comma' : 'point')
    return Number.isNaN(number) ? undefined : this.#settle(role, Float64Array.of(number))
  }

  /** Looks for another way to read numbers between commas, as long as no line has settled it. */
  #weigh(text: string, cells: readonly string[], data: Float64Array): Float64Array | string {
    const hasZero = ZERO_BEHIND_COMMA.test(text)
    if (this.doubt.isSaid && !hasZero) return data
    const mayBeOne = !Number.isNaN(parseNumber(text, 'comma')) && cells.length === 2
    if (!mayBeOne && !mayBeGroups(cells, 'point')) return this.#settle('separator', data)
    // Numbers that are padded with zeros begin with them too.
    if (hasZero && !/^[+-]?0\d/.test(text)) {
      return `the comma in ${excerpt(text)} may be a decimal sign, group thousands or stand between numbers`
    }
    this.doubt.add(text, 'separator')
    return data
  }

  #settle(role: CommaRole, data: Float64Array): Float64Array {
    this.#comma = role
    this.doubt.settle(role)
    return data
  }
}

function checkSize(data: Float64Array): Float64Array | string {
  if (data.length > MAX_COUNT) return `it has more than ${MAX_COUNT} numbers`
  for (let index = 0; index < data.length; index++) {
    if (!Number.isFinite(data[index])) return 'a number in it is too large'
  }
  return data
}
