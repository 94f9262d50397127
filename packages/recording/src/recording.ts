import { type FileHandle, open } from 'node:fs/promises'
import { McapIndexedReader, type McapTypes } from '@mcap/core'
import { SourceError } from '@zcast/shared'
import { describeSystemError, isMissing } from '@zcast/shared/internal'
import type {
  History,
  HistoryRange,
  LossNote,
  RecordedBlock,
  RecordedLine,
  RecordedTopic,
} from '@zcast/subscribers'
import type { Account } from './accounts.ts'
import { ACCOUNTS, decodeAccounts } from './mcap/accounts-record.ts'
import { DECOMPRESSION, loadCompression } from './mcap/compression.ts'
import { ReadableFile } from './mcap/readable-file.ts'
import { scanFile } from './mcap/scan-file.ts'
import { decodeLogLine, LOG_TOPIC } from './messages/log-line-note.ts'
import { decodeLossNote, LOSSES_TOPIC } from './messages/loss-note.ts'
import { decodeValue } from './messages/decode-value.ts'

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
  /** Of the file. */
  readonly bytes: number
  /** False when it was cut short, or its index is damaged. */
  readonly isWhole: boolean
  /** Chunks that are damaged, and left out. */
  readonly damagedChunks: number
  readonly #handle: FileHandle
  readonly #reader: McapIndexedReader

  private constructor(
    { path, handle, bytes }: { readonly path: string; readonly handle: FileHandle; readonly bytes: number },
    reader: McapIndexedReader,
    damagedChunks: number | undefined,
  ) {
    this.path = path
    this.#handle = handle
    this.bytes = bytes
    this.#reader = reader
    this.isWhole = damagedChunks === undefined
    this.damagedChunks = damagedChunks ?? 0
  }

  /**
   * Opens a recording.
   *
   * @throws {@link SourceError} `ERR_SOURCE_MISSING`, `ERR_SOURCE_UNREADABLE` when there is no such file, or it is no
   *   MCAP file.
   */
  static async open(path: string): Promise<Recording> {
    await loadCompression()
    const handle = await openFile(path)
    try {
      const { size: bytes } = await handle.stat()
      const of = { path, handle, bytes }
      const file = new ReadableFile(handle, bytes)
      const whole = await openIndexed(file)
      if (whole) return new Recording(of, whole, undefined)
      const mended = await scanFile(file)
      const reader = mended && (await openIndexed(new ReadableFile(handle, mended.length, mended.tail)))
      if (reader) return new Recording(of, reader, mended.damaged)
      throw new SourceError('ERR_SOURCE_UNREADABLE', `${path} is not an MCAP file, or nothing of it is left`)
    } catch (error) {
      await handle.close()
      if (error instanceof SourceError) throw error
      throw unreadable(path, error)
    }
  }

  /** Seconds since the Unix epoch at which its first value was recorded; `undefined` when it has none. */
  get from(): number | undefined {
    return toSeconds(this.#reader.chunkIndexes, ({ messageStartTime }) => messageStartTime, Math.min)
  }

  /** Seconds since the Unix epoch at which its last value was recorded; `undefined` when it has none. */
  get to(): number | undefined {
    return toSeconds(this.#reader.chunkIndexes, ({ messageEndTime }) => messageEndTime, Math.max)
  }

  /** Its topics with their messages, by name. */
  topics(): readonly RecordedTopic[] {
    const { channelsById, schemasById, statistics } = this.#reader
    const topics = new Map<string, RecordedTopic>()
    for (const { id, topic, schemaId } of channelsById.values()) {
      if (topic === LOSSES_TOPIC || topic === LOG_TOPIC) continue
      const before = topics.get(topic)?.messages ?? 0
      const messages = before + Number(statistics?.channelMessageCounts.get(id) ?? 0)
      topics.set(topic, { topic, schema: schemasById.get(schemaId)?.name ?? '', messages })
    }
    return [...topics.values()].toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
  }

  /** The exact counts of each topic and epoch; none in files of other programs. */
  async accounts(): Promise<readonly Account[]> {
    let accounts: readonly Account[] = []
    for await (const { metadata } of this.#reader.readMetadata({ name: ACCOUNTS }))
      accounts = decodeAccounts(metadata)
    return accounts
  }

  async *losses({ topics, ...range }: HistoryRange = {}): AsyncGenerator<LossNote> {
    const within = toMessageRange({ topics: [LOSSES_TOPIC], ...range })
    for await (const { data, logTime } of this.#reader.readMessages(within)) {
      const note = decodeLossNote(data, Number(logTime) / 1e9)
      if (note && (!topics || topics.includes(note.topic))) yield note
    }
  }

  async *lines(range: Omit<HistoryRange, 'topics'> = {}): AsyncGenerator<RecordedLine> {
    const within = toMessageRange({ topics: [LOG_TOPIC], ...range })
    for await (const { data, logTime } of this.#reader.readMessages(within)) {
      const line = decodeLogLine(data, Number(logTime) / 1e9)
      if (line) yield line
    }
  }

  /** @throws {@link SourceError} `ERR_SOURCE_FAILED` when the file cannot be read any further. */
  async *blocks(range: HistoryRange = {}): AsyncGenerator<RecordedBlock> {
    const { channelsById, schemasById } = this.#reader
    try {
      for await (const message of this.#reader.readMessages(toMessageRange(range))) {
        const channel = channelsById.get(message.channelId)
        const value = channel && decodeValue(channel, schemasById.get(channel.schemaId)?.name, message)
        if (value) yield value
      }
    } catch (error) {
      throw new SourceError('ERR_SOURCE_FAILED', `${this.path} cannot be read any further: it is damaged`, {
        cause: error,
      })
    }
  }

  async latest(topic: string, time: number): Promise<RecordedBlock | undefined> {
    const range = { ...toMessageRange({ topics: [topic], to: time }), reverse: true }
    const { channelsById, schemasById } = this.#reader
    for await (const message of this.#reader.readMessages(range)) {
      const channel = channelsById.get(message.channelId)
      const value = channel && decodeValue(channel, schemasById.get(channel.schemaId)?.name, message)
      if (value) return value
    }
    return undefined
  }

  /** May be called twice. */
  async close(): Promise<void> {
    await this.#handle.close()
  }

  /** Closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** The library's reader; `undefined` when it refuses the file, such as one that was cut short. */
async function openIndexed(readable: ReadableFile): Promise<McapIndexedReader | undefined> {
  try {
    return await McapIndexedReader.Initialize({ readable, decompressHandlers: DECOMPRESSION })
  } catch {
    return undefined
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (isMissing(error)) throw new SourceError('ERR_SOURCE_MISSING', `there is no file ${path}`)
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): SourceError {
  const message = `cannot read ${path}: ${describeSystemError(error)}`
  return new SourceError('ERR_SOURCE_UNREADABLE', message, { cause: error })
}

function toSeconds(
  chunks: readonly McapTypes.ChunkIndex[],
  timeOf: (chunk: McapTypes.ChunkIndex) => bigint,
  choose: (a: number, b: number) => number,
): number | undefined {
  if (chunks.length === 0) return undefined
  return chunks.map((chunk) => Number(timeOf(chunk)) / 1e9).reduce((a, b) => choose(a, b))
}

function toMessageRange({ topics, from, to }: HistoryRange): {
  topics?: readonly string[]
  startTime?: bigint
  endTime?: bigint
} {
  return {
    ...(topics && { topics }),
    ...(from !== undefined && { startTime: toNanoseconds(from) }),
    ...(to !== undefined && { endTime: toNanoseconds(to) }),
  }
}

function toNanoseconds(seconds: number): bigint {
  return BigInt(Math.max(Math.round(seconds * 1e6), 0)) * 1000n
}
