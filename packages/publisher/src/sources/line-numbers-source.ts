import type { Readable } from 'node:stream'
import {
  ClosedError,
  describeSystemError,
  SourceError,
  wallClock,
  type Log,
  type NumbersBlock,
} from '@zcast/shared'
import { ColumnWatch } from './column-watch.ts'
import { excerpt } from './line-excerpt.ts'
import { LineReader } from './line-reader.ts'
import { MAX_LINE_BYTES, splitLines } from './line-splitter.ts'
import type { Source, SourceRun } from './source.ts'
import { toUtf8 } from './utf16-text.ts'

/** Options of {@link LineNumbersSource}. */
export interface LineNumbersOptions {
  /** Where lines that hold no numbers, or may be read in another way, are reported. Default: nowhere. */
  readonly log?: Log
}

/** Lines that are empty, of NULs as some devices send, or comments. */
// oxlint-disable-next-line no-control-regex -- finding NULs is the purpose
const NOTHING = /^[\s\0]*(#|$)/

const NOT_NUMBERS = 'of the input is not an array of numbers'

/**
 * A person's own numbers: one array a line (JSON, or between commas, semicolons, pipes, tabs or blanks) from a stream
 * such as standard input, each sent as it comes. A line that is something else is counted, logged and passed over;
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
  readonly #reader = new LineReader()
  readonly #columns = new ColumnWatch()
  #badLines = 0
  /** What was wrong with the first bad line, while no line was good. */
  #onlyBad: string | undefined
  #hasGood = false
  #started = false

  /** @param input - Bytes, as standard input gives them; read only as fast as its lines are sent. */
  constructor(input: Readable, options: LineNumbersOptions = {}) {
    this.#input = input
    this.#log = options.log
  }

  /** Lines passed over so far because they hold no numbers. */
  get badLines(): number {
    return this.#badLines
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
    for await (const line of splitLines(toUtf8(this.#input))) {
      // What was read before the end may still hold lines.
      if (signal.aborted) return
      number += 1
      if (line !== undefined && NOTHING.test(line)) continue
      const data =
        line === undefined ? `it is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB` : this.#reader.read(line)
      if (typeof data === 'string') {
        this.#passOver(number, line ?? '', data)
        continue
      }
      this.#hasGood = true
      const change = this.#columns.see(data.length)
      if (change !== undefined)
        this.#log?.warning(`line ${number} of the input ${change}`, undefined, 'columns')
      this.#sayDoubt(false)
      yield { kind: 'numbers', time: wallClock(), rows: 1, columns: data.length, data }
    }
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
