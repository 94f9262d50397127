import { rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { McapRecordBuilder } from '@mcap/core'
import { type Log, SinkError } from '@zcast/shared'
import { keepFolder } from '@zcast/shared/internal'
import type { Account, Accounts } from './accounts.ts'
import type { TakenChunk } from './chunk-part.ts'
import { beginFile } from './mcap/begin-file.ts'
import { ACCOUNTS, EARLIER_ACCOUNTS, encodeAccounts, RUNNING_ACCOUNTS } from './mcap/accounts-record.ts'
import { ChunkIndexes } from './mcap/chunk-indexes.ts'
import { GrowingFile } from './mcap/growing-file.ts'
import { moveChunkIndex, type OpenChannel } from './mcap/open-chunk.ts'
import { encodeSummary } from './mcap/summary.ts'

/** Options of {@link RecordingFile.create}. */
export interface RecordingFileOptions {
  /** Counts what is in it. */
  readonly accounts: Accounts
  readonly log?: Log | undefined
  /** Of the files before it. */
  readonly before: readonly Account[]
  /** Called with values that could not be written. */
  readonly onUnwritten?: ((topic: string, epoch: number, count: number) => void) | undefined
}

/** An MCAP file that grows by whole chunks, each synced; goes on after the disk was full. */
export class RecordingFile {
  readonly #file: GrowingFile
  readonly #accounts: Accounts
  readonly #log: Log | undefined
  readonly #onUnwritten: RecordingFileOptions['onUnwritten']
  readonly #chunks = new ChunkIndexes()
  readonly #counts = new Map<number, number>()
  #earlierMetadata = 0
  #isFull = false
  #unwritten = 0

  private constructor(file: GrowingFile, { accounts, log, onUnwritten }: RecordingFileOptions) {
    this.#file = file
    this.#accounts = accounts
    this.#log = log
    this.#onUnwritten = onUnwritten
  }

  /**
   * Makes the file, with its header.
   *
   * @throws {@link OptionError} `ERR_OPTION` when it exists already.
   * @throws {@link SinkError} `ERR_SINK` when it cannot be written.
   */
  static async create(path: string, options: RecordingFileOptions): Promise<RecordingFile> {
    const file = await GrowingFile.create(path)
    const builder = new McapRecordBuilder()
    const { before } = options
    if (before.length > 0) builder.writeMetadata({ name: EARLIER_ACCOUNTS, metadata: encodeAccounts(before) })
    if (await file.append(Buffer.concat([beginFile(), builder.buffer]))) {
      const made = new RecordingFile(file, options)
      made.#earlierMetadata = before.length > 0 ? 1 : 0
      // The name of the file must outlive a loss of power, too.
      await keepFolder(dirname(resolve(path))).catch(() => undefined)
      return made
    }
    await file.close()
    await rm(path, { force: true })
    throw new SinkError(`cannot write ${path}: the disk is full`)
  }

  get path(): string {
    return this.#file.path
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
    if (await this.#file.append(builder.buffer)) this.#earlierMetadata += 1
  }

  /** Writes the index. @throws {@link SinkError} `ERR_SINK` when that cannot be, or when values could not be written. */
  async close(open: readonly OpenChannel[]): Promise<void> {
    const { path, size } = this.#file
    try {
      const metadata = { name: ACCOUNTS, metadata: encodeAccounts(this.#accounts.read()) }
      const [chunks, counts, earlierMetadata] = [this.#chunks, this.#counts, this.#earlierMetadata]
      const schemas = [
        ...new Map(open.flatMap(({ schema }) => (schema ? [[schema.id, schema] as const] : []))).values(),
      ]
      const channels = open.map(({ channel }) => channel)
      const end = encodeSummary({ schemas, channels, chunks, counts, metadata, earlierMetadata }, size)
      if (!(await this.#file.append(end)))
        throw new SinkError(
          `the end of ${path} is not written, because the disk is full: what came before is in it, and zcast recover repairs it`,
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
    chunk.free()
    if (this.#isFull) {
      for (const { topic, epoch, count } of values) {
        this.#accounts.leaveOut(topic, epoch, count)
        this.#onUnwritten?.(topic, epoch, count)
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
    this.#chunks.add(moveChunkIndex(chunk.index, size))
    for (const [id, count] of chunk.counts) this.#counts.set(id, (this.#counts.get(id) ?? 0) + count)
  }
}
