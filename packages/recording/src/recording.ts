import type {
  History,
  HistoryRange,
  LossNote,
  RecordedBlock,
  RecordedLine,
  RecordedTopic,
} from '@zcast/subscribers'
import { type Log, SourceError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import type { Account } from './accounts.ts'
import { loadCompression } from './mcap/compression.ts'
import { LOG_TOPIC } from './messages/log-note.ts'
import { kindOfChannel } from './messages/decode-value.ts'
import { LOSSES_TOPIC } from './messages/loss-note.ts'
import { mergeAccounts } from './merge-accounts.ts'
import { ChunkHistory, type RecordedMessage } from './reading/chunk-history.ts'
import { FileHandles } from './reading/file-handles.ts'
import { findFiles } from './reading/find-files.ts'
import { RecordedFile } from './reading/recorded-file.ts'

/** Options of {@link Recording.open}. */
export interface RecordingOptions {
  /** Told which files of a folder cannot be read. Default: nobody is. */
  readonly log?: Log | undefined
  /** Called when a chunk that is read turns out to be damaged: it counts among {@link Recording.damagedChunks} now. */
  readonly onDamage?: (() => void) | undefined
}

interface OpenFiles {
  readonly files: readonly RecordedFile[]
  readonly handles: FileHandles
}

/** One of the files of a {@link Recording}. */
export interface RecordingFileState {
  readonly path: string
  readonly bytes: number
  /** False when it was cut short, or its index is damaged. */
  readonly isWhole: boolean
  /** True when all of it was read to find that out; otherwise its chunks may be damaged. */
  readonly isRead: boolean
}

/**
 * Reads MCAP files: one, several, or a folder of them, as one recording in the order of time. One that was cut short, by
 * a crash or a full disk, is read up to its last whole chunk.
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
  /** What was opened. */
  readonly path: string
  readonly #files: readonly RecordedFile[]
  readonly #handles: FileHandles
  readonly #history: ChunkHistory

  private constructor(
    path: string,
    { files, handles, onDamage }: OpenFiles & Pick<RecordingOptions, 'onDamage'>,
  ) {
    this.path = path
    this.#files = files
    this.#handles = handles
    this.#history = new ChunkHistory(() => files, onDamage)
  }

  /**
   * Opens a recording: a file, several, or all `.mcap` files of a folder. Files that are still being written are read as
   * far as they are now.
   *
   * @throws {@link SourceError} `ERR_SOURCE_MISSING`, `ERR_SOURCE_UNREADABLE` when there is no such file, or it is no
   *   MCAP file. Such a file of a folder is left out, which the log is told, unless there is no other.
   */
  static async open(
    paths: string | readonly string[],
    { log, onDamage }: RecordingOptions = {},
  ): Promise<Recording> {
    await loadCompression()
    const named = typeof paths === 'string' ? [paths] : paths
    const handles = new FileHandles()
    try {
      const files: RecordedFile[] = []
      let failure: unknown = new SourceError('ERR_SOURCE_MISSING', 'there is no recording to open')
      for (const { path, isFound } of await findFiles(named)) {
        try {
          files.push(await RecordedFile.open(path, handles))
        } catch (error) {
          if (!isFound) throw error
          failure = error
          log?.warning(`${errorMessage(error)}: it is left out`, error)
        }
      }
      if (files.length === 0) throw failure
      return new Recording(named.join(', '), { files, handles, onDamage })
    } catch (error) {
      await handles.close()
      throw error
    }
  }

  /** Each file with its size, and whether it is whole. */
  get files(): readonly RecordingFileState[] {
    return this.#files.map(({ path, bytes, contents: { isWhole, isRead } }) => ({
      path,
      bytes,
      isWhole,
      isRead,
    }))
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
      for (const [id, { topic, schema, isRetained }] of channels) {
        if (topic === LOSSES_TOPIC || topic === LOG_TOPIC) continue
        const before = topics.get(topic)?.messages ?? 0
        const own = isRetained ? 0 : (contents.counts.get(id) ?? 0)
        topics.set(topic, { topic, schema, messages: before + own })
      }
    }
    return [...topics.values()].toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
  }

  /** True for a topic whose values zcast knows, which {@link Recording.blocks} gives. */
  hasValues(topic: string): boolean {
    return this.#files.some(({ channels }) =>
      [...channels.values()].some((channel) => channel.topic === topic && kindOfChannel(channel)),
    )
  }

  /** The exact counts of each topic and epoch; none in files of other programs. */
  async accounts(): Promise<readonly Account[]> {
    return mergeAccounts(this.#files.flatMap(({ contents }) => contents.accounts))
  }

  losses(range?: HistoryRange): AsyncGenerator<LossNote> {
    return this.#history.losses(range)
  }

  lines(range?: Omit<HistoryRange, 'topics'>): AsyncGenerator<RecordedLine> {
    return this.#history.lines(range)
  }

  /**
   * What came in a time range; not what {@link Recording.latest} has of the time before a file. Pictures and sound are views of the file's memory: who keeps one keeps a megabyte.
   *
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the file cannot be read any further.
   */
  blocks(range?: HistoryRange): AsyncGenerator<RecordedBlock> {
    return this.#history.blocks(range)
  }

  /**
   * Every message in a time range as it is in the file, also those of other programs' topics.
   *
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the file cannot be read any further.
   */
  messages(range?: HistoryRange): AsyncGenerator<RecordedMessage> {
    return this.#history.rawMessages(range)
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
