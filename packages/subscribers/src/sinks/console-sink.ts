import type { Writable } from 'node:stream'
import { type Envelope, type NumbersBlock, SinkError } from '@zcast/shared'
import type { Selection } from '../selection.ts'
import { LineWriter } from './line-writer.ts'
import { NumberColumn } from './number-column.ts'
import type { Sink } from './sink.ts'

/** Options of {@link ConsoleSink}. */
export interface ConsoleSinkOptions {
  /** Where the lines go, such as standard output. Not closed by the sink. */
  readonly output: Writable
  /** Which positions are shown. */
  readonly selection: Selection
  /** One JSON object a line, `{"topic","epoch","seq","time","values"}`, instead of text for people; with
   * `"retained":true` for an earlier value that was sent again. Default false. */
  readonly json?: boolean
}

/** Positions whose values are told from those before them; further ones take turns in the last. */
const MAX_COLUMNS = 1024

/** What most numbers fit into, so that they stand one below the other. */
const NUMBER_WIDTH = 10

/** More values than this are written in pieces. */
const MAX_VALUES_AT_ONCE = 8192
/** After so much text others have their turn. */
const TURN_LENGTH = 2 ** 20

/** Prints arrays of numbers, one a line. */
export class ConsoleSink implements Sink {
  readonly #writer: LineWriter
  readonly #selection: Selection
  readonly #json: boolean
  /** By topic, of which a subscriber receives a limited number. */
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
    if (block.kind !== 'numbers') throw new SinkError(`cannot print ${envelope.topic}: it carries no numbers`)
    if (block.data.length > MAX_VALUES_AT_ONCE) return this.#writeInPieces(envelope, block)
    let text = ''
    for (let row = 0; row < block.rows; row++) text += this.#line(envelope, block, row)
    return this.#writer.write(text)
  }

  async close(): Promise<void> {
    this.#closed = true
    // Whether anybody still takes it is the output's owner's matter.
    void this.#writer.flush()
  }

  #line(envelope: Envelope, block: NumbersBlock, row: number): string {
    return this.#json ? this.#jsonLine(envelope, block, row) : this.#textLine(envelope.topic, block, row)
  }

  /** The text of a large block is many times its size: it is written row by row, as the output takes it. */
  async #writeInPieces(envelope: Envelope, block: NumbersBlock): Promise<void> {
    let length = 0
    for (let row = 0; row < block.rows && !this.#closed; row++) {
      const line = this.#line(envelope, block, row)
      const full = this.#writer.write(line)
      if (full) await full
      length += line.length
      if (length < TURN_LENGTH) continue
      length = 0
      // The socket has to be read meanwhile.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  #textLine(topic: string, block: NumbersBlock, row: number): string {
    const { first, step } = this.#selection
    let columns = this.#columns.get(topic)
    if (!columns) this.#columns.set(topic, (columns = []))
    let line = `#${(block.seq ?? 0) + row}`
    const start = row * block.columns
    for (let position = first; position < block.columns; position += step) {
      const column = (columns[Math.min(position, MAX_COLUMNS)] ??= new NumberColumn())
      line += ` ${column.format(block.data[start + position] as number).padStart(NUMBER_WIDTH)}`
    }
    return `${line}\n`
  }

  #jsonLine({ topic, epoch, retained }: Envelope, block: NumbersBlock, row: number): string {
    const { first, step } = this.#selection
    const values: number[] = []
    let hasNegativeZero = false
    const end = (row + 1) * block.columns
    for (let index = row * block.columns + first; index < end; index += step) {
      const value = block.data[index] as number
      values.push(value)
      hasNegativeZero ||= Object.is(value, -0)
    }
    const seq = block.seq === undefined ? undefined : block.seq + row
    const time = block.time + row * (block.interval ?? 0)
    if (!hasNegativeZero) return `${JSON.stringify({ topic, epoch, seq, time, retained, values })}\n`
    // JSON.stringify writes -0 as 0.
    const texts = values.map((value) => (Object.is(value, -0) ? '-0' : JSON.stringify(value)))
    return `${JSON.stringify({ topic, epoch, seq, time, retained }).slice(0, -1)},"values":[${texts.join(',')}]}\n`
  }
}
