import type { Readable } from 'node:stream'
import { ClosedError, errorMessage, SourceError, wallClock, type Log, type NumbersBlock } from '@zcast/shared'
import { splitLines } from './line-splitter.ts'
import { parseNumbers } from './parse-numbers.ts'
import type { Source, SourceRun } from './source.ts'

/** Options of {@link LineNumbersSource}. */
export interface LineNumbersOptions {
  /** Where lines that hold no numbers are reported. Default: nowhere. */
  readonly log?: Log
}

/**
 * A person's own numbers: one array a line (JSON, CSV or blanks) from a stream such as standard input, each sent as it
 * comes. A line that is something else is counted, logged and passed over; empty lines and `#` comments are ignored.
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
  #badLines = 0
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
          `cannot read numbers from the input: ${errorMessage(error)}`,
          {
            cause: error,
          },
        )
      }
    } finally {
      signal.removeEventListener('abort', stop)
      this.#input.destroy()
    }
  }

  async *#readBlocks(signal: AbortSignal): AsyncGenerator<NumbersBlock> {
    let number = 0
    for await (const line of splitLines(this.#input)) {
      // What was read before the end may still hold lines.
      if (signal.aborted) return
      number += 1
      if (line !== undefined && /^\s*(#|$)/.test(line)) continue
      const data = line === undefined ? undefined : parseNumbers(line)
      if (data) {
        yield { kind: 'numbers', time: wallClock(), rows: 1, columns: data.length, data }
      } else {
        this.#badLines += 1
        const what = 'of the input is not an array of numbers'
        this.#log?.warning(`line ${number} ${what}`, undefined, what)
      }
    }
  }
}
