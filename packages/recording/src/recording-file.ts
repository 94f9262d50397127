import { McapRecordBuilder, type McapTypes } from '@mcap/core'
import { type Log, SinkError } from '@zcast/shared'
import type { Accounts } from './accounts.ts'
import type { TakenChunk } from './chunk-part.ts'
import { beginFile } from './mcap/begin-file.ts'
import { ACCOUNTS, encodeAccounts, RUNNING_ACCOUNTS } from './mcap/accounts-record.ts'
import { GrowingFile } from './mcap/growing-file.ts'
import { moveChunkIndex, type OpenChannel } from './mcap/open-chunk.ts'
import { encodeSummary } from './mcap/summary.ts'

/** An MCAP file that grows by whole chunks, each synced; goes on after the disk was full. */
export class RecordingFile {
  readonly #file: GrowingFile
  readonly #accounts: Accounts
  readonly #log: Log | undefined
  readonly #chunks: McapTypes.ChunkIndex[] = []
  readonly #counts = new Map<number, number>()
  #runningAccounts = 0
  #isFull = false
  #unwritten = 0

  private constructor(file: GrowingFile, accounts: Accounts, log: Log | undefined) {
    this.#file = file
    this.#accounts = accounts
    this.#log = log
  }

  /**
   * Makes the file, with its header.
   *
   * @throws {@link OptionError} `ERR_OPTION` when it exists already.
   * @throws {@link SinkError} `ERR_SINK` when it cannot be written.
   */
  static async create(path: string, accounts: Accounts, log?: Log): Promise<RecordingFile> {
    const file = await GrowingFile.create(path)
    if (await file.append(beginFile())) return new RecordingFile(file, accounts, log)
    await file.close()
    throw new SinkError(`cannot write ${path}: the disk is full`)
  }

  /** Bytes. */
  get size(): number {
    return this.#file.size
  }

  /** Values that came while the disk was full. */
  get unwritten(): number {
    return this.#unwritten
  }

  /** Writes chunks, and the accounts that have changed. One call at a time. @throws {@link SinkError} `ERR_SINK` */
  async append(taken: readonly TakenChunk[], withAccounts: boolean): Promise<void> {
    for (const each of taken) await this.#appendChunk(each)
    if (!withAccounts || this.#isFull) return
    const changed = this.#accounts.takeChanged()
    if (changed.length === 0) return
    const builder = new McapRecordBuilder()
    builder.writeMetadata({ name: RUNNING_ACCOUNTS, metadata: encodeAccounts(changed) })
    if (await this.#file.append(builder.buffer)) this.#runningAccounts += 1
  }

  /** Writes the index. @throws {@link SinkError} `ERR_SINK` when that cannot be, or when values could not be written. */
  async close(open: readonly OpenChannel[]): Promise<void> {
    const { path, size } = this.#file
    try {
      const metadata = { name: ACCOUNTS, metadata: encodeAccounts(this.#accounts.read()) }
      const [chunks, counts, earlierMetadata] = [this.#chunks, this.#counts, this.#runningAccounts]
      const schemas = [...new Map(open.map(({ schema }) => [schema.id, schema])).values()]
      const channels = open.map(({ channel }) => channel)
      const end = encodeSummary({ schemas, channels, chunks, counts, metadata, earlierMetadata }, size)
      if (!(await this.#file.append(end)))
        throw new SinkError(
          `the end of ${path} is not written, because the disk is full: what came before is in it, and zcast recover mends it`,
        )
    } finally {
      await this.#file.close()
    }
    if (this.#unwritten > 0)
      throw new SinkError(`${this.#unwritten} values are not in ${path}: the disk was full`)
  }

  async #appendChunk({ chunk, values }: TakenChunk): Promise<void> {
    const { path, size } = this.#file
    const wasFull = this.#isFull
    this.#isFull = !(await this.#file.append(chunk.bytes))
    if (this.#isFull) {
      for (const { topic, epoch, count } of values) {
        this.#accounts.leaveOut(topic, epoch, count)
        this.#unwritten += count
      }
      if (!wasFull)
        this.#log?.warning(
          `${path} does not grow, because the disk is full: what comes is left out until there is room`,
        )
      return
    }
    if (wasFull)
      this.#log?.warning(
        `${path} grows again: ${this.#unwritten} values are not in it, for want of room`,
        undefined,
        `${path} grows again`,
      )
    this.#chunks.push(moveChunkIndex(chunk.index, size))
    for (const [id, count] of chunk.counts) this.#counts.set(id, (this.#counts.get(id) ?? 0) + count)
  }
}
