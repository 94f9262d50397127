import type { Readable } from 'node:stream'
import { ClosedError, type Log, type NumbersBlock, SourceError } from '@zcast/shared'
import { describeSystemError, MAX_LINE_BYTES, splitLines } from '@zcast/shared/internal'
import type { Source, SourceRun } from '../source.ts'
import { ColumnWatch } from './column-watch.ts'
import { FormatTeller } from './format-teller.ts'
import { isNothing } from './is-nothing.ts'
import { LineClock } from './line-clock.ts'
import { excerpt } from './line-excerpt.ts'
import type { LineReading, LineRow } from './line-row.ts'
import { lookAtFirst } from './look-at-first.ts'
import { NumbersReader } from './numbers-reader.ts'
import { RowPacer, type Pace } from './row-pacer.ts'
import type { NumbersFormat } from './table/table-options.ts'
import { toUtf8 } from './utf16-text.ts'

/** Options of {@link LineNumbersSource}. */
export interface LineNumbersOptions extends NumbersFormat {
  /** Where lines that hold no numbers, or may be read in another way, are reported. Default: nowhere. */
  readonly log?: Log
  /** Called with what the input was taken for, such as `CSV, 2 columns: temp, hum`, and after changes. Default: nowhere. */
  readonly onFormat?: ((sentence: string) => void) | undefined
  /** Plays rows at their own times or at an interval, as a file is. Default: each row is sent as it comes. */
  readonly pace?: Pace | undefined
}

const NOT_NUMBERS = 'of the input is not an array of numbers'

const TOO_LONG = `it is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB`

/**
 * A person's own numbers, one row a line: tables with and without a heading, `label:value` pairs, JSON, from a stream such
 * as standard input, each sent as it comes. A line that is something else is counted, logged and passed over;
 * empty lines and `#` comments are ignored. What is read and how: docs/inputs.md.
 */
export class LineNumbersSource implements Source {
  readonly kind = 'numbers'
  /**
   * A line may hold up to a million numbers, and a socket's high-water mark cannot follow them: libzmq stalls when it is
   * lowered while messages wait (seen with 4.3.5). 1 MiB makes a mark of 16 messages: 128 MB at the very worst.
   */
  readonly expectedBytes = 1024 * 1024
  readonly #input: Readable
  readonly #log: Log | undefined
  readonly #reader: NumbersReader
  readonly #teller: FormatTeller
  readonly #pacer: RowPacer | undefined
  readonly #clock = new LineClock()
  readonly #columns = new ColumnWatch()
  #badLines = 0
  /** What was wrong with the first bad line, while no line was good. */
  #onlyBad: string | undefined
  #hasGood = false
  #started = false

  /**
   * @param input - Bytes, as standard input gives them; read only as fast as its lines are sent.
   * @throws {@link OptionError} `ERR_OPTION` when the pace is out of range.
   */
  constructor(input: Readable, options: LineNumbersOptions = {}) {
    this.#input = input
    this.#log = options.log
    this.#reader = new NumbersReader(options)
    this.#teller = new FormatTeller(options.onFormat)
    this.#pacer = options.pace && new RowPacer(options.pace, options.log)
  }

  /** Lines passed over so far because they hold no numbers. */
  get badLines(): number {
    return this.#badLines
  }

  /** Frees the input, also where it was never run. */
  close(): void {
    this.#input.destroy()
  }

  /** @throws {@link SourceError} `ERR_SOURCE_FAILED` when the input cannot be read, or held lines and no good one. */
  async *blocks({ signal }: SourceRun): AsyncGenerator<NumbersBlock> {
    if (this.#started) throw new ClosedError('this source of numbers')
    this.#started = true
    // Input may never come again: only closing it ends the wait.
    const stop = (): unknown => this.#input.destroy()
    signal.addEventListener('abort', stop, { once: true })
    try {
      if (!signal.aborted) yield* this.#readBlocks(signal)
    } catch (error) {
      if (!signal.aborted) {
        throw new SourceError(
          'ERR_SOURCE_FAILED',
          `cannot read numbers from the input: ${describeSystemError(error)}`,
          {
            cause: error,
          },
        )
      }
    } finally {
      signal.removeEventListener('abort', stop)
      this.#input.destroy()
      this.#reader.end()
      this.#tellRefused()
      this.#teller.end()
      this.#sayDoubt(true)
    }
    if (this.#hasGood || this.#onlyBad === undefined) return
    throw new SourceError(
      'ERR_SOURCE_FAILED',
      `no line of the input is an array of numbers: ${this.#onlyBad}`,
    )
  }

  async *#readBlocks(signal: AbortSignal): AsyncGenerator<NumbersBlock> {
    let number = 0
    const chunks = lookAtFirst(toUtf8(this.#input), {
      look: (lines) => this.#reader.look(lines),
      onRead: () => {
        this.#reader.goLive()
        this.#tellRefused()
      },
    })
    for await (const line of splitLines(chunks)) {
      // What was read before the end may still hold lines.
      if (signal.aborted) return
      number += 1
      if (line !== undefined && isNothing(line)) {
        this.#reader.readComment(line)
        continue
      }
      const reading = line === undefined ? TOO_LONG : this.#reader.read(line, number)
      if (this.#reader.refused.length > 0) this.#tellRefused()
      this.#teller.tell(this.#reader.takeSentence())
      if (reading === undefined) continue
      if (typeof reading === 'string') this.#passOver(number, line ?? '', reading)
      else if (this.#pacer) yield* this.#playRows(reading, number, this.#pacer, signal)
      else if ('data' in reading) yield this.#toBlock(reading, number)
      else for (const row of reading) yield this.#toBlock(row, number)
    }
  }

  async *#playRows(
    reading: Exclude<LineReading, string | undefined>,
    number: number,
    pacer: RowPacer,
    signal: AbortSignal,
  ): AsyncGenerator<NumbersBlock> {
    for (const row of 'data' in reading ? [reading] : reading) {
      const time = await pacer.untilDue(row, signal)
      if (signal.aborted) return
      yield this.#toBlock({ ...row, time, isElapsed: false }, number)
    }
  }

  #toBlock(row: LineRow, number: number): NumbersBlock {
    const { data, labels } = row
    this.#hasGood = true
    if (labels === undefined) {
      const change = this.#columns.see(data.length)
      if (change !== undefined)
        this.#log?.warning(`line ${number} of the input ${change}`, undefined, 'columns')
    }
    this.#sayDoubt(false)
    return {
      kind: 'numbers',
      time: this.#clock.timeOf(row),
      rows: 1,
      columns: data.length,
      data,
      names: labels?.names,
      units: labels?.units,
    }
  }

  #tellRefused(): void {
    for (const { number, text, reason } of this.#reader.refused.splice(0))
      this.#passOver(number, text, reason)
  }

  #passOver(number: number, line: string, reason: string): void {
    this.#badLines += 1
    const text = line === '' ? '' : ` (${excerpt(line)})`
    this.#onlyBad ??= `line ${number}${text} has none, as ${reason}`
    this.#log?.warning(`line ${number} ${NOT_NUMBERS}${text}: ${reason}`, undefined, NOT_NUMBERS)
  }

  #sayDoubt(isEnd: boolean): void {
    const sentence = this.#reader.doubt.take(isEnd)
    if (sentence !== undefined) this.#log?.warning(sentence)
  }
}
