import type { Writable } from 'node:stream'
import { type Envelope, type NumbersBlock, SinkError } from '@zcast/shared'
import type { Selection } from '../selection.ts'
import { beginJsonLine, formatJsonLine, formatJsonValues, JSON_LINE_END } from './json-line.ts'
import { LineWriter } from './line-writer.ts'
import { NumberColumn } from './number-column.ts'
import type { Sink } from './sink.ts'

/** Options of {@link ConsoleSink}. */
export interface ConsoleSinkOptions {
  /** The destination of the lines, such as standard output. Not closed by the sink. */
  readonly output: Writable
  /** The positions shown. */
  readonly selection: Selection
  /**
   * Prints one JSON object per line, `{"topic","epoch","seq","time","values"}`, instead of text for people; with
   * `"retained":true` for an earlier value that was sent again. Default false.
   */
  readonly json?: boolean
}

/** The number of positions with a format of their own; further ones share the last one in turns. */
const MAX_COLUMNS = 1024

/** The width that fits most numbers, so that they are aligned. */
const NUMBER_WIDTH = 10

/** A larger row is written in pieces. */
const MAX_VALUES_AT_ONCE = 8192
/** After this much text, other tasks have their turn. */
const TURN_LENGTH = 2 ** 20

/**
 * Prints arrays of numbers, one per line.
 *
 * @example
 * ```ts
 * import { ConsoleSink, findSelection, Subscriber } from '@zcast/subscribers'
 *
 * const connect = 'tcp://127.0.0.1:5556'
 * const subscriber = await Subscriber.open({ connect, topics: ['numbers/random'] })
 * const sink = new ConsoleSink({ output: process.stdout, selection: findSelection('even') })
 * await subscriber.run(sink, { signal: AbortSignal.timeout(100) })
 * await subscriber.close()
 * ```
 */
export class ConsoleSink implements Sink {
  readonly #writer: LineWriter
  readonly #selection: Selection
  readonly #json: boolean
  /** By topic; a subscriber receives a limited number of them. */
  readonly #columns = new Map<string, NumberColumn[]>()
  #closed = false

  constructor(options: ConsoleSinkOptions) {
    this.#writer = new LineWriter(options.output)
    this.#selection = options.selection
    this.#json = options.json ?? false
  }

  async open(): Promise<void> {
    // Standard output needs no preparation.
  }

  /** @throws {@link SinkError} `ERR_SINK` for anything but numbers. */
  write(envelope: Envelope): Promise<void> | undefined {
    const { block } = envelope
    if (block.kind !== 'numbers')
      throw new SinkError(`cannot print ${envelope.topic}: it does not carry numbers`)
    if (block.data.length > MAX_VALUES_AT_ONCE) return this.#writeInPieces(envelope, block)
    let text = ''
    for (let row = 0; row < block.rows; row++) text += this.#line(envelope, block, row)
    return this.#writer.write(text)
  }

  async close(): Promise<void> {
    this.#closed = true
    // The owner of the output decides whether anybody still reads it.
    void this.#writer.flush()
  }

  /** The text of a large block is many times its size: it is written in pieces, as the output accepts it. */
  async #writeInPieces(envelope: Envelope, block: NumbersBlock): Promise<void> {
    let length = 0
    for (const piece of this.#pieces(envelope, block)) {
      if (this.#closed) return
      const full = this.#writer.write(piece)
      if (full) await full
      length += piece.length
      if (length < TURN_LENGTH) continue
      length = 0
      // The socket must be read meanwhile.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  *#pieces(envelope: Envelope, block: NumbersBlock): Generator<string> {
    const { first, step } = this.#selection
    const width = MAX_VALUES_AT_ONCE * step
    for (let row = 0; row < block.rows; row++) {
      if (block.columns <= width) {
        yield this.#line(envelope, block, row)
        continue
      }
      yield this.#json ? beginJsonLine(envelope, block, row) : formatNumber(block, row)
      for (let from = first; from < block.columns; from += width) {
        const to = Math.min(from + width, block.columns)
        if (this.#json && from > first) yield ','
        yield this.#json
          ? formatJsonValues(this.#values(block, row, from, to))
          : this.#textValues(envelope.topic, block, row, from, to)
      }
      yield this.#json ? JSON_LINE_END : '\n'
    }
  }

  #line(envelope: Envelope, block: NumbersBlock, row: number): string {
    const { first } = this.#selection
    if (this.#json) {
      const values = this.#values(block, row, first, block.columns)
      return formatJsonLine(envelope, block, row, values)
    }
    const text = this.#textValues(envelope.topic, block, row, first, block.columns)
    return `${formatNumber(block, row)}${text}\n`
  }

  #textValues(topic: string, block: NumbersBlock, row: number, from: number, to: number): string {
    let columns = this.#columns.get(topic)
    if (!columns) this.#columns.set(topic, (columns = []))
    let text = ''
    const start = row * block.columns
    for (let position = from; position < to; position += this.#selection.step) {
      const column = (columns[Math.min(position, MAX_COLUMNS)] ??= new NumberColumn())
      text += ` ${column.format(block.data[start + position] as number).padStart(NUMBER_WIDTH)}`
    }
    return text
  }

  #values(block: NumbersBlock, row: number, from: number, to: number): number[] {
    const values: number[] = []
    const start = row * block.columns
    for (let position = from; position < to; position += this.#selection.step)
      values.push(block.data[start + position] as number)
    return values
  }
}

/** The beginning of a line for people. */
function formatNumber(block: NumbersBlock, row: number): string {
  return block.seq === undefined ? '#?' : `#${block.seq + row}`
}
