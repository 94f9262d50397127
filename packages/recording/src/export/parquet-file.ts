import type { FileHandle } from 'node:fs/promises'
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import { SinkError } from '@zcast/shared'
import { createNewFile, describeSystemError } from '@zcast/shared/internal'

/** Rows of a group, which is in memory at once; fewer when they are wide. */
const MOST_ROWS = 65_536
const MOST_VALUES = 2 * 1024 * 1024

/** A Parquet file of times and numbers that grows by groups of rows. */
export class ParquetFile {
  readonly path: string
  readonly #file: FileHandle
  readonly #names: readonly string[]
  readonly #writer = new ByteWriter()
  readonly #parquet: ParquetWriter
  readonly #times: Float64Array
  readonly #columns: readonly Float64Array[]
  #rows = 0

  private constructor(path: string, file: FileHandle, names: readonly string[]) {
    this.path = path
    this.#file = file
    this.#names = names
    const most = Math.max(Math.min(MOST_ROWS, Math.floor(MOST_VALUES / (names.length + 1))), 1)
    this.#times = new Float64Array(most)
    this.#columns = names.map(() => new Float64Array(most))
    const schema = schemaFromColumnData({ columnData: this.#columnData(0) })
    schema[1] = {
      name: 'time',
      type: 'INT64',
      converted_type: 'TIMESTAMP_MICROS',
      repetition_type: 'REQUIRED',
    }
    this.#parquet = new ParquetWriter({ writer: this.#writer, schema, createdBy: 'zcast' })
  }

  /**
   * Makes the file.
   *
   * @param names - Of the columns behind `time`, all different.
   * @throws {@link OptionError} `ERR_OPTION` when it exists already; {@link SinkError} `ERR_SINK` when it cannot be written.
   */
  static async create(path: string, names: readonly string[]): Promise<ParquetFile> {
    return new ParquetFile(path, await createNewFile(path), names)
  }

  /** Adds a row. @param at - Where its values are. @returns A promise when a group is full: await it before adding more. */
  add(time: number, values: Float64Array, at: number): Promise<void> | undefined {
    this.#times[this.#rows] = time
    for (const [index, column] of this.#columns.entries()) column[this.#rows] = values[at + index] as number
    this.#rows += 1
    return this.#rows === this.#times.length ? this.#writeGroup() : undefined
  }

  /** Writes what is left, and the index. @throws {@link SinkError} `ERR_SINK` when that cannot be written. */
  async close(): Promise<void> {
    try {
      if (this.#rows > 0) await this.#writeGroup()
      await this.#parquet.finish()
      await this.#flush()
    } finally {
      await this.#file.close()
    }
  }

  async #writeGroup(): Promise<void> {
    const rows = this.#rows
    this.#rows = 0
    await this.#parquet.write({ columnData: this.#columnData(rows), rowGroupSize: rows })
    await this.#flush()
  }

  #columnData(rows: number): { name: string; data: Float64Array | BigInt64Array; nullable: false }[] {
    const times = BigInt64Array.from(this.#times.subarray(0, rows), (time) => BigInt(Math.round(time * 1e6)))
    return [
      { name: 'time', data: times, nullable: false },
      ...this.#columns.map((column, index) => ({
        name: this.#names[index] as string,
        data: column.subarray(0, rows),
        nullable: false as const,
      })),
    ]
  }

  async #flush(): Promise<void> {
    const writer = this.#writer
    try {
      await this.#file.appendFile(new Uint8Array(writer.buffer, 0, writer.index))
    } catch (error) {
      throw new SinkError(`cannot write ${this.path}: ${describeSystemError(error)}`, { cause: error })
    }
    // Its offset, that of the file, goes on.
    writer.index = 0
  }
}
