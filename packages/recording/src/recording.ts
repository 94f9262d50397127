import { type FileHandle, open } from 'node:fs/promises'
import { McapIndexedReader, type McapTypes } from '@mcap/core'
import { SourceError } from '@zcast/shared'
import { describeSystemError, isMissing } from '@zcast/shared/internal'
import type { Account } from './accounts.ts'
import { ACCOUNTS, decodeAccounts } from './mcap/accounts-record.ts'
import { DECOMPRESSION, loadCompression } from './mcap/compression.ts'
import { ReadableFile } from './mcap/readable-file.ts'
import { scanFile } from './mcap/scan-file.ts'
import { decodeLossNote, LOSSES_TOPIC, type LossNote } from './messages/loss-note.ts'
import { decodeValue, type RecordedValue } from './messages/decode-value.ts'

/** What is read of a {@link Recording}. */
export interface ValueRange {
  /** Default: all. */
  readonly topics?: readonly string[] | undefined
  /** Seconds since the Unix epoch, included. Default: from the beginning. */
  readonly from?: number | undefined
  /** Seconds since the Unix epoch, included. Default: to the end. */
  readonly to?: number | undefined
}

/** A topic of a recording, of zcast or of another program. */
export interface RecordedTopic {
  readonly topic: string
  /** What its messages are, such as `zcast.Numbers`; empty when the file does not say. */
  readonly schema: string
  readonly messages: number
}

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
 * for await (const { recordedAt, envelope } of recording.values({ topics: ['numbers/imu'] })) {
 *   console.log(recordedAt, envelope.block.seq, envelope.block.data)
 * }
 * await recording.close()
 * ```
 */
export class Recording {
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
      if (topic === LOSSES_TOPIC) continue
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

  /** What was missing when the values after it came, in the order of time. */
  async *losses(): AsyncGenerator<LossNote> {
    for await (const { data, logTime } of this.#reader.readMessages({ topics: [LOSSES_TOPIC] })) {
      const note = decodeLossNote(data, Number(logTime) / 1e9)
      if (note) yield note
    }
  }

  /**
   * The values of a time range, in the order in which they came. What zcast does not know is left out.
   *
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the file cannot be read any further.
   */
  async *values({ topics, from, to }: ValueRange = {}): AsyncGenerator<RecordedValue> {
    const { channelsById, schemasById } = this.#reader
    const range = {
      ...(topics && { topics }),
      ...(from !== undefined && { startTime: toNanoseconds(from) }),
      ...(to !== undefined && { endTime: toNanoseconds(to) }),
    }
    try {
      for await (const message of this.#reader.readMessages(range)) {
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

function toNanoseconds(seconds: number): bigint {
  return BigInt(Math.max(Math.round(seconds * 1e6), 0)) * 1000n
}
