import type { Writable } from 'node:stream'
import { type ColumnLabels, type Envelope, type NumbersBlock, SinkError } from '@zcast/shared'
import { escapeControls, formatHeading } from '@zcast/shared/internal'
import type { Selection } from '../selection.ts'
import { beginJsonLine, formatJsonLine, formatJsonValues, JSON_LINE_END } from './json-line.ts'
import { LineWriter } from './line-writer.ts'
import { NumberColumn } from './number-column.ts'
import { ShownLabels } from './shown-labels.ts'
import type { Sink } from './sink.ts'

/** Options of {@link ConsoleSink}. */
export interface ConsoleSinkOptions {
  /** The destination of the lines, such as standard output. Not closed by the sink. */
  readonly output: Writable
  /** The positions shown. */
  readonly selection: Selection
  /** One JSON object a line, `{"topic","epoch","seq","time","values"}`, instead of text for people; with
   * `"retained":true` for an earlier value that was sent again, and with `"names"` and `"units"` in the first line that has
   * them and after each change. Default false. */
  readonly json?: boolean
}

/** A number and the blanks behind it, where columns have names above them. */
const NUMBERED_WIDTH = 8

/** Positions whose values are told from those before them; further ones take turns in the last. */
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
  readonly #labels = new ShownLabels()
  /** Of each list of names, which blocks that follow each other share. */
  readonly #headings = new WeakMap<readonly string[], readonly string[]>()
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
    const isNew = this.#hasNews(envelope.topic, block)
    let text = isNew && !this.#json ? this.#heading(block) : ''
    for (let row = 0; row < block.rows; row++) text += this.#line(envelope, block, row, isNew && row === 0)
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
    const isNew = this.#hasNews(envelope.topic, block)
    if (isNew && !this.#json) yield this.#heading(block)
    for (let row = 0; row < block.rows; row++) {
      if (block.columns <= width) {
        yield this.#line(envelope, block, row, isNew && row === 0)
        continue
      }
      const labels = isNew && row === 0 ? this.#selected(block) : undefined
      yield this.#json ? beginJsonLine(envelope, block, row, labels) : formatNumber(block, row)
      for (let from = first; from < block.columns; from += width) {
        const to = Math.min(from + width, block.columns)
        if (this.#json && from > first) yield ','
        yield this.#json
          ? formatJsonValues(this.#values(block, row, from, to))
          : this.#textValues(envelope.topic, block, row, from, to, this.#headingsOf(block))
      }
      yield this.#json ? JSON_LINE_END : '\n'
    }
  }

  /** Whether names or units are others than were shown; what has none and never had is no news. */
  #hasNews(topic: string, block: NumbersBlock): boolean {
    return this.#labels.change(topic, block) && (block.names ?? block.units) !== undefined
  }

  #line(envelope: Envelope, block: NumbersBlock, row: number, withLabels: boolean): string {
    const { first } = this.#selection
    if (this.#json) {
      const values = this.#values(block, row, first, block.columns)
      return formatJsonLine(envelope, block, row, { values, ...(withLabels && this.#selected(block)) })
    }
    const text = this.#textValues(envelope.topic, block, row, first, block.columns, this.#headingsOf(block))
    return `${formatNumber(block, row)}${text}\n`
  }

  /** One line of names, each above its column. */
  #heading(block: NumbersBlock): string {
    const { first, step } = this.#selection
    let text = '#'.padEnd(NUMBERED_WIDTH)
    for (let position = first; position < block.columns; position += step)
      text += ` ${(this.#headingsOf(block)?.[position] ?? '').padStart(NUMBER_WIDTH)}`
    return `${text.trimEnd()}\n`
  }

  /** Names with their units, safe for a terminal. */
  #headingsOf({ names, units }: NumbersBlock): readonly string[] | undefined {
    const labels = names ?? units
    if (!labels) return undefined
    let headings = this.#headings.get(labels)
    if (!headings) {
      headings = labels.map((_, position) =>
        escapeControls(formatHeading(names?.[position] ?? String(position), units?.[position] || undefined)),
      )
      this.#headings.set(labels, headings)
    }
    return headings
  }

  #selected({ names, units }: NumbersBlock): ColumnLabels {
    const { first, step } = this.#selection
    const select = (labels: readonly string[] | undefined): readonly string[] | undefined =>
      labels?.filter((_, position) => position >= first && (position - first) % step === 0)
    return { names: select(names), units: select(units) }
  }

  #textValues(
    topic: string,
    block: NumbersBlock,
    row: number,
    from: number,
    to: number,
    headings: readonly string[] | undefined,
  ): string {
    let columns = this.#columns.get(topic)
    if (!columns) this.#columns.set(topic, (columns = []))
    let text = ''
    const start = row * block.columns
    for (let position = from; position < to; position += this.#selection.step) {
      const column = (columns[Math.min(position, MAX_COLUMNS)] ??= new NumberColumn())
      const width = Math.max(NUMBER_WIDTH, headings?.[position]?.length ?? 0)
      text += ` ${column.format(block.data[start + position] as number).padStart(width)}`
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
  const text = block.seq === undefined ? '#?' : `#${block.seq + row}`
  return block.names || block.units ? text.padEnd(NUMBERED_WIDTH) : text
}
