import type { Writable } from 'node:stream'
import { type Envelope, type NumbersBlock, SinkError } from '@zcast/shared'
import { formatHeading } from '@zcast/shared/internal'
import type { Selection } from '../selection.ts'
import { LineWriter } from './line-writer.ts'
import { ShownLabels } from './shown-labels.ts'
import type { Sink } from './sink.ts'

/** Options of {@link CsvSink}. */
export interface CsvSinkOptions {
  /** Where the lines go, such as standard output. Not closed by the sink. */
  readonly output: Writable
  /** Which positions are written. */
  readonly selection: Selection
}

/** After so much text others have their turn. */
const TURN_ROWS = 4096

/**
 * Writes arrays of one topic as CSV: a line of names, the first of which is `time` in seconds since the Unix epoch, then a
 * row each, every number exactly. `zcast publish numbers` reads the same names, units, numbers and times from it. Where
 * names are unknown, positions stand in their place; where they change, another line of names follows.
 */
export class CsvSink implements Sink {
  readonly #writer: LineWriter
  readonly #selection: Selection
  readonly #labels = new ShownLabels()
  #closed = false

  constructor({ output, selection }: CsvSinkOptions) {
    this.#writer = new LineWriter(output)
    this.#selection = selection
  }

  async open(): Promise<void> {
    // Standard output needs no preparation.
  }

  /** @throws {@link SinkError} `ERR_SINK` for anything but numbers. */
  async write({ topic, block }: Envelope): Promise<void> {
    if (block.kind !== 'numbers') throw new SinkError(`cannot write ${topic} as CSV: it carries no numbers`)
    let text = this.#labels.change(topic, block) ? this.#heading(block) : ''
    for (let row = 0; row < block.rows && !this.#closed; row++) {
      text += this.#line(block, row)
      if ((row + 1) % TURN_ROWS !== 0) continue
      await this.#writer.write(text)
      text = ''
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (!this.#closed) await this.#writer.write(text)
  }

  async close(): Promise<void> {
    this.#closed = true
    // Whether anybody still takes it is the output's owner's matter.
    void this.#writer.flush()
  }

  #heading({ names, units, columns }: NumbersBlock): string {
    let text = 'time'
    const { first, step } = this.#selection
    for (let position = first; position < columns; position += step) {
      const name = names?.[position]
      text += `,${name === undefined ? position : quote(formatHeading(name, units?.[position] || undefined))}`
    }
    return `${text}\n`
  }

  #line({ time, interval = 0, columns, data }: NumbersBlock, row: number): string {
    let text = String(time + row * interval)
    const { first, step } = this.#selection
    const end = (row + 1) * columns
    for (let index = row * columns + first; index < end; index += step)
      text += `,${formatNumber(data[index] as number)}`
    return `${text}\n`
  }
}

function formatNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** A cell in quotes where it takes them; a line break would end the row, and is a blank instead. */
function quote(cell: string): string {
  // oxlint-disable-next-line no-control-regex -- keeping them out of the output is the purpose
  const text = cell.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
  return /[",;|#]|^\s|\s$|^$|^-?[\d.]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
