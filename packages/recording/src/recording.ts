import type {
  History,
  HistoryRange,
  LossNote,
  RecordedBlock,
  RecordedLine,
  RecordedTopic,
} from '@zcast/subscribers'
import type { Account } from './accounts.ts'
import { loadCompression } from './mcap/compression.ts'
import { LOG_TOPIC } from './messages/log-note.ts'
import { LOSSES_TOPIC } from './messages/loss-note.ts'
import { ChunkHistory } from './reading/chunk-history.ts'
import { FileHandles } from './reading/file-handles.ts'
import { RecordedFile } from './reading/recorded-file.ts'

/**
 * Reads an MCAP file. One that was cut short, by a crash or a full disk, is read up to its last whole chunk.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { Recorder, Recording } from '@zcast/recording'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'recording-')), 'flight.mcap')
 * const recorder = new Recorder({ path })
 * await recorder.open()
 * await recorder.close()
 * const recording = await Recording.open(path)
 * for await (const { recordedAt, envelope } of recording.blocks({ topics: ['numbers/imu'] })) {
 *   console.log(recordedAt, envelope.block.seq, envelope.block.data)
 * }
 * await recording.close()
 * ```
 */
export class Recording implements History {
  readonly path: string
  readonly #files: readonly RecordedFile[]
  readonly #handles: FileHandles
  readonly #history: ChunkHistory

  private constructor(path: string, files: readonly RecordedFile[], handles: FileHandles) {
    this.path = path
    this.#files = files
    this.#handles = handles
    this.#history = new ChunkHistory(() => files)
  }

  /**
   * Opens a recording.
   *
   * @throws {@link SourceError} `ERR_SOURCE_MISSING`, `ERR_SOURCE_UNREADABLE` when there is no such file, or it is no
   *   MCAP file.
   */
  static async open(path: string): Promise<Recording> {
    await loadCompression()
    const handles = new FileHandles()
    try {
      return new Recording(path, [await RecordedFile.open(path, handles)], handles)
    } catch (error) {
      await handles.close()
      throw error
    }
  }

  /** Of all files. */
  get bytes(): number {
    return this.#files.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** False when a file was cut short, or its index is damaged. */
  get isWhole(): boolean {
    return this.#files.every(({ contents }) => contents.isWhole)
  }

  /** Chunks that are damaged, and left out, as far as is known: those of a whole file are found when they are read. */
  get damagedChunks(): number {
    return this.#files.reduce((sum, { contents }) => sum + contents.damaged, this.#history.damagedChunks)
  }

  /** Seconds since the Unix epoch at which its first value was recorded; `undefined` when it has none. */
  get from(): number | undefined {
    return this.#history.from
  }

  /** Seconds since the Unix epoch at which its last value was recorded; `undefined` when it has none. */
  get to(): number | undefined {
    return this.#history.to
  }

  /** Its topics with their messages, by name. */
  topics(): readonly RecordedTopic[] {
    const topics = new Map<string, RecordedTopic>()
    for (const { channels, contents } of this.#files) {
      for (const [id, { topic, schema }] of channels) {
        if (topic === LOSSES_TOPIC || topic === LOG_TOPIC) continue
        const before = topics.get(topic)?.messages ?? 0
        topics.set(topic, { topic, schema, messages: before + (contents.counts.get(id) ?? 0) })
      }
    }
    return [...topics.values()].toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
  }

  /** The exact counts of each topic and epoch; none in files of other programs. */
  async accounts(): Promise<readonly Account[]> {
    return this.#files.flatMap(({ contents }) => contents.accounts)
  }

  losses(range?: HistoryRange): AsyncGenerator<LossNote> {
    return this.#history.losses(range)
  }

  lines(range?: Omit<HistoryRange, 'topics'>): AsyncGenerator<RecordedLine> {
    return this.#history.lines(range)
  }

  /**
   * What came in a time range. Pictures and sound are views of the file's memory: who keeps one keeps a megabyte.
   *
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the file cannot be read any further.
   */
  blocks(range?: HistoryRange): AsyncGenerator<RecordedBlock> {
    return this.#history.blocks(range)
  }

  latest(topic: string, time: number): Promise<RecordedBlock | undefined> {
    return this.#history.latest(topic, time)
  }

  /** May be called twice. */
  async close(): Promise<void> {
    await this.#handles.close()
  }

  /** Closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
