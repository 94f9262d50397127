import { type Envelope, type NumbersBlock, SinkError } from '@zcast/shared'
import { formatHeading, isSameLabels } from '@zcast/shared/internal'
import type { Sink } from '@zcast/subscribers'
import { ParquetFile } from './parquet-file.ts'

/** Options of {@link ParquetSink}. */
export interface ParquetSinkOptions {
  /** Must not exist yet. */
  readonly path: string
}

/**
 * Writes arrays of one topic to a Parquet file, which is made when the first one comes: `time` (UTC, in microseconds),
 * then a column of doubles for each position, named as in CSV. A file has one set of columns: rows with others, which
 * come after, are left out and counted.
 */
export class ParquetSink implements Sink {
  readonly #path: string
  #file: ParquetFile | undefined
  #first: Pick<NumbersBlock, 'columns' | 'names' | 'units'> | undefined
  #leftOut = 0

  constructor({ path }: ParquetSinkOptions) {
    this.#path = path
  }

  /** Rows that are not in the file, as it has other columns. */
  get leftOut(): number {
    return this.#leftOut
  }

  async open(): Promise<void> {
    // What columns it has is not known yet.
  }

  /** @throws {@link OptionError} `ERR_OPTION`, {@link SinkError} `ERR_SINK` when the file exists, or cannot be written. */
  async write({ topic, block }: Envelope): Promise<void> {
    if (block.kind !== 'numbers')
      throw new SinkError(`cannot write ${topic} as Parquet: it carries no numbers`)
    const { columns, names, units, rows, time, interval = 0, data } = block
    this.#file ??= await ParquetFile.create(this.#path, headingsOf(block))
    this.#first ??= { columns, names, units }
    if (columns !== this.#first.columns || !isSameLabels(block, this.#first)) {
      this.#leftOut += rows
      return
    }
    for (let row = 0; row < rows; row++) {
      const full = this.#file.add(time + row * interval, data, row * columns)
      if (full) await full
    }
  }

  /** Completes the file, if anything came. May be called twice. @throws {@link SinkError} `ERR_SINK` when that fails. */
  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }
}

/** The names of all columns, each only once: Parquet tells columns by their names. */
function headingsOf({ columns, names, units }: NumbersBlock): readonly string[] {
  const taken = new Set(['time'])
  return Array.from({ length: columns }, (_, position) => {
    const name = names?.[position]
    const heading = name ? formatHeading(name, units?.[position] || undefined) : String(position)
    let own = heading
    for (let count = 2; taken.has(own); count++) own = `${heading} ${count}`
    taken.add(own)
    return own
  })
}
