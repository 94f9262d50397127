import { toPlainCharacters } from './line-characters.ts'
import type { LineDoubt } from './line-doubt.ts'
import type { LineReading, LineRow } from './line-row.ts'
import { INFLUX_LINES } from './named/influx-line.ts'
import { JSON_OBJECTS } from './named/json-values.ts'
import { LabelTable } from './named/label-table.ts'
import { MQTT_LINES } from './named/mqtt-line.ts'
import type { NamedFormat, NamedValues } from './named/named-values.ts'
import { pairsFormat } from './named/pairs.ts'
import { TELEPLOT } from './named/teleplot.ts'
import { describeColumns } from './table/describe-table.ts'
import type { RefusedLine } from './table/held-lines.ts'
import type { NumbersFormat } from './table/table-options.ts'
import { isNothing } from './is-nothing.ts'
import { readLooseArray } from './loose-array.ts'
import { TableReader } from './table/table-reader.ts'

/** A longer line names no values, unless it is JSON. */
const MAX_NAMED_LENGTH = 64 * 1024

/** After so many lines of one form all others are expected to have it. */
const SURE_AFTER = 4

/** Lines looked at before the first is read. */
const MOST_LOOKED_AT = 500

/**
 * Reads lines as rows of numbers, whatever they are written in: tables with or without a heading, and lines that name
 * each value. What is read and how: docs/inputs.md.
 */
export class NumbersReader {
  /** Lines that were found to be no heading since this was last emptied. */
  readonly refused: RefusedLine[] = []
  readonly #format: NumbersFormat
  readonly #named: readonly NamedFormat[]
  readonly #table: TableReader
  readonly #labels = new LabelTable()
  readonly #counts = { table: 0, named: 0 }
  #form: 'table' | 'named' | undefined
  #told: unknown
  #sentence: string | undefined

  constructor(format: NumbersFormat = {}) {
    this.#format = format
    this.#named = [JSON_OBJECTS, INFLUX_LINES, MQTT_LINES, TELEPLOT, pairsFormat(format.decimal)]
    this.#table = new TableReader(
      format,
      (lines) => this.refused.push(...lines),
      (sentence) => (this.#sentence = sentence),
    )
  }

  /** Lines that were read in the usual way although there is another. */
  get doubt(): LineDoubt {
    return this.#table.lines.doubt
  }

  /** Looks at the first lines, to know what they are before the first is read. */
  look(lines: readonly string[]): void {
    const count = { table: 0, named: 0 }
    const found: NamedValues[] = []
    const scratch = new TableReader(this.#format, ignore, ignore)
    for (const line of lines.slice(0, MOST_LOOKED_AT)) {
      if (isNothing(line)) continue
      const text = withoutFrame(toPlainCharacters(line))
      if (typeof scratch.readNumbers(text) !== 'string') count.table += 1
      else {
        const [, named] = this.#readNamed(text) ?? []
        if (typeof named === 'object') {
          count.named += 1
          found.push(...named)
        } else if (typeof scratch.readCells(text, { number: 0, reason: '' }) === 'object') count.table += 1
      }
    }
    // Above a table there may be lines such as "Rate: 1000".
    if (count.named > 0 && count.table > count.named) this.#form = 'table'
    if (count.named >= SURE_AFTER && count.named >= count.table) this.#form = 'named'
    // Names that are known at once need no new epoch each.
    if (this.#form === 'named') for (const values of found) this.#labels.place(values)
  }

  /** The lines that were there at once have been read: what comes is live. */
  goLive(): void {
    this.#table.goLive()
  }

  /** @returns What a line holds; `undefined` where a later line tells. */
  read(line: string, number: number): LineReading {
    let isPair = false
    let reason = 'it has no names, and the lines before it have'
    if (this.#form !== 'named') {
      const row = this.#table.readNumbers(line)
      if (typeof row !== 'string') return this.#sawTable(row)
      reason = row
    }
    const plain = toPlainCharacters(line)
    const text = withoutFrame(plain)
    if (text !== plain && this.#form !== 'named') {
      const row = this.#table.readNumbers(text)
      if (typeof row !== 'string') return this.#sawTable(row)
    }
    if (this.#form !== 'table') {
      const [format, named] = this.#readNamed(text) ?? []
      if (format && typeof named === 'object') return this.#place(format, named)
      isPair = typeof named === 'string'
      if (typeof named === 'string') reason = named
      if (this.#form === 'named') return reason
    }
    const array = text.startsWith('[') ? readLooseArray(text) : undefined
    if (array) return this.#sawTable({ data: array })
    const reading = /^[[{]/.test(text) ? reason : this.#table.readCells(text, { number, reason, isPair })
    return typeof reading === 'object' ? this.#sawTable(reading as LineRow) : reading
  }

  /** Takes a comment, which may be the heading of a table. */
  readComment(line: string): void {
    if (this.#form !== 'named') this.#table.readComment(toPlainCharacters(line).replace(/^[#%]+\s*/, ''))
  }

  /** At the end of the input. */
  end(): void {
    this.#table.end()
  }

  /** What the lines were taken for, once after each change. */
  takeSentence(): string | undefined {
    const sentence = this.#sentence
    this.#sentence = undefined
    return sentence
  }

  #readNamed(text: string): readonly [NamedFormat, ReturnType<NamedFormat['read']>] | undefined {
    if (text.length > MAX_NAMED_LENGTH && !/^[[{]/.test(text)) return undefined
    for (const format of this.#named) {
      const named = format.read(text)
      if (named !== undefined) return [format, named]
    }
    return undefined
  }

  #place(
    format: NamedFormat,
    named: Exclude<ReturnType<NamedFormat['read']>, string | undefined>,
  ): LineReading {
    const rows: LineRow[] = []
    for (const values of named) {
      const row = this.#labels.place(values)
      if (typeof row === 'string') return row
      rows.push(row)
    }
    this.refused.push(...this.#table.held.take())
    this.#counts.named += 1
    if (this.#counts.named >= SURE_AFTER) this.#form = 'named'
    const { labels } = this.#labels
    if (this.#told !== labels) {
      this.#told = labels
      this.#sentence = `${format.title}, ${describeColumns(labels.names?.length ?? 0, labels)}`
    }
    return rows
  }

  #sawTable(row: LineRow): LineRow {
    if (this.#form === undefined && (this.#counts.table += 1) >= SURE_AFTER) this.#form = 'table'
    return row
  }
}

/** What stands around a row: the brackets of a tuple in Python, the marks of a frame of Serial Studio, Arduino's time of arrival. */
const AROUND = /^(?:\d\d:\d\d:\d\d\.\d{3} -> )?(?:\((.*)\)|\/\*(.*)\*\/|(.*))$/s

function withoutFrame(text: string): string {
  const first = text.charCodeAt(0)
  // A bracket, a slash or a digit; most other lines begin with a letter.
  if (first !== 0x28 && first !== 0x2f && (first < 0x30 || first > 0x39)) return text
  const [, tuple, frame, plain] = AROUND.exec(text) ?? []
  return (tuple ?? frame ?? plain ?? text).trim()
}

function ignore(): void {
  // Only whether a line can be read is asked.
}
