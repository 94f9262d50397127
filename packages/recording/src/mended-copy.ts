import { crc32 } from 'node:zlib'
import { MCAP_MAGIC, McapRecordBuilder, type McapTypes, Opcode } from '@mcap/core'
import { SinkError, SourceError } from '@zcast/shared'
import { ACCOUNTS, EARLIER_ACCOUNTS, encodeAccounts, RUNNING_ACCOUNTS } from './mcap/accounts-record.ts'
import { beginFile } from './mcap/begin-file.ts'
import { ChunkIndexes } from './mcap/chunk-indexes.ts'
import type { GrowingFile } from './mcap/growing-file.ts'
import { ATTACHMENT_HEAD_BYTES, indexAttachment, indexMetadata } from './mcap/record-indexes.ts'
import { encodeSummary } from './mcap/summary.ts'
import { WrittenDescriptions } from './mcap/written-descriptions.ts'
import type { Described } from './reading/file-contents.ts'
import type { FoundContents } from './reading/found-contents.ts'
import { readChunkHead } from './reading/load-chunk.ts'
import { type LoadedChunk, RECORD_HEAD_BYTES } from './reading/loaded-chunk.ts'
import type { ReadableFile } from './reading/readable-file.ts'
import { readRecord } from './reading/read-record.ts'
import type { PieceTaker } from './reading/scan-file.ts'

/** Bytes that are written at once. */
const PIECE_BYTES = 4 * 1024 * 1024

/** Names of the metadata that a recorder writes. */
const RECORDERS = new Set([ACCOUNTS, EARLIER_ACCOUNTS, RUNNING_ACCOUNTS])

const MAGIC = Uint8Array.from(MCAP_MAGIC)

/** Options of {@link MendedCopy}. */
export interface MendedCopyOptions {
  readonly from: ReadableFile
  /** An empty file. */
  readonly to: GrowingFile
  /** The name that it gets. */
  readonly path: string
  /** What all of the file says of its channels. */
  readonly described: Described
}

/** A whole file of one that was cut short or damaged: all that is good in it, with new indexes. */
export class MendedCopy implements PieceTaker {
  readonly #from: ReadableFile
  readonly #to: GrowingFile
  readonly #chunks = new ChunkIndexes()
  #metadata = 0
  readonly #metadataIndexes: McapTypes.MetadataIndex[] = []
  readonly #attachmentIndexes: McapTypes.AttachmentIndex[] = []
  #pieces: Uint8Array[] = [MAGIC]
  /** Of the pieces that wait. */
  #waiting = MAGIC.byteLength

  readonly #path: string
  readonly #descriptions: WrittenDescriptions
  /** Messages of channels that nothing says anything of. */
  leftOut = 0

  constructor({ from, to, path, described }: MendedCopyOptions) {
    this.#from = from
    this.#to = to
    this.#path = path
    this.#descriptions = new WrittenDescriptions(described)
  }

  async takeChunk(record: Uint8Array, chunk: LoadedChunk): Promise<void> {
    const ids = new Set(chunk.channels)
    const known = new Set([...ids].filter((id) => this.#descriptions.knows(id)))
    if (known.size < ids.size) {
      const rest = chunk.only(known)
      this.leftOut += chunk.count - rest.count
      return this.takeMessages(rest.bytes, rest)
    }
    // What it says without a message is written where it is needed.
    if (chunk.count === 0) return
    await this.#append(this.#descriptions.before(chunk))
    const { length: start } = this
    await this.#append(record)
    const { messageStartTime, messageEndTime, uncompressedSize, compression, compressedSize } =
      readChunkHead(record)
    const indexes = encodeMessageIndexes(chunk, this.length)
    await this.#append(indexes.bytes)
    this.#chunks.add({
      messageStartTime,
      messageEndTime,
      uncompressedSize,
      compression,
      compressedSize: BigInt(compressedSize),
      chunkStartOffset: BigInt(start),
      chunkLength: BigInt(record.byteLength),
      messageIndexOffsets: indexes.offsets,
      messageIndexLength: BigInt(indexes.bytes.byteLength),
    })
  }

  /** Makes a chunk of them: an index has nothing else. */
  async takeMessages(records: Uint8Array, chunk: LoadedChunk): Promise<void> {
    if (chunk.count === 0) return
    const builder = new McapRecordBuilder()
    builder.writeChunk({
      messageStartTime: chunk.logTime(0),
      messageEndTime: chunk.logTime(chunk.count - 1),
      uncompressedSize: BigInt(records.byteLength),
      uncompressedCrc: crc32(records),
      compression: '',
      records,
    })
    await this.takeChunk(builder.buffer, chunk)
  }

  async takeRecord(opcode: Opcode, offset: number, length: number): Promise<void> {
    // The new end has its own.
    if (opcode === Opcode.DATA_END) return
    if (opcode === Opcode.HEADER) return this.#append(goodHeader(await this.#read(offset, length)))
    if (opcode === Opcode.SCHEMA || opcode === Opcode.CHANNEL) {
      const record = await this.#read(offset, length)
      await this.#append(this.#descriptions.beforeRecord(opcode, readUint16(record, RECORD_HEAD_BYTES)))
      return this.#append(record)
    }
    if (opcode === Opcode.METADATA) {
      const index = indexMetadata(await this.#read(offset, length), this.length)
      this.#metadata += 1
      // Those of a recorder are summed up at the new end.
      if (index && !RECORDERS.has(index.name)) this.#metadataIndexes.push(index)
    }
    if (opcode === Opcode.ATTACHMENT) {
      const head = await this.#read(offset, Math.min(length, ATTACHMENT_HEAD_BYTES))
      const index = indexAttachment(head, { offset: this.length, length })
      // No reader could read it either.
      if (!index) return
      this.#attachmentIndexes.push(index)
    }
    for (let done = 0; done < length; done += PIECE_BYTES)
      await this.#append(await this.#read(offset + done, Math.min(PIECE_BYTES, length - done)))
  }

  /** Writes its end. @throws {@link SinkError} `ERR_SINK` when the disk is full. */
  async finish(found: FoundContents): Promise<void> {
    const { counts: all, accounts, described } = found.contents()
    const { schemas } = this.#descriptions
    const counts = new Map([...all].filter(([id]) => this.#descriptions.knows(id)))
    const end = encodeSummary(
      {
        schemas,
        channels: described.channels,
        chunks: this.#chunks,
        counts,
        metadata: { name: ACCOUNTS, metadata: encodeAccounts(accounts) },
        earlierMetadata: this.#metadata,
        metadataIndexes: this.#metadataIndexes,
        attachmentIndexes: this.#attachmentIndexes,
      },
      this.length,
    )
    await this.#append(end)
    await this.#write()
  }

  async #read(offset: number, length: number): Promise<Uint8Array> {
    try {
      return await this.#from.read(offset, length)
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
      const message = `${this.#from.path} became shorter while it was read: recover what is left of it`
      throw new SourceError('ERR_SOURCE_FAILED', message, { cause })
    }
  }

  /** Bytes so far. */
  get length(): number {
    return this.#to.size + this.#waiting
  }

  async #append(bytes: Uint8Array): Promise<void> {
    this.#pieces.push(bytes)
    this.#waiting += bytes.byteLength
    if (this.#waiting >= PIECE_BYTES) await this.#write()
  }

  async #write(): Promise<void> {
    const pieces = this.#pieces
    this.#pieces = []
    this.#waiting = 0
    if (!(await this.#to.append(Buffer.concat(pieces))))
      throw new SinkError(`${this.#path} cannot be made: the disk is full`)
  }
}

function readUint16(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(at, true)
}

/** A header as it is; a new one when it is damaged, because readers refuse the file then. */
function goodHeader(bytes: Uint8Array): Uint8Array {
  try {
    readRecord(bytes)
    return bytes
  } catch {
    return beginFile().subarray(MAGIC.byteLength)
  }
}

/** The indexes of a chunk's messages. @param start - Where they are written. */
function encodeMessageIndexes(
  chunk: LoadedChunk,
  start: number,
): { readonly bytes: Uint8Array; readonly offsets: Map<number, bigint> } {
  const indexes = new Map<number, McapTypes.MessageIndex>()
  for (let at = 0; at < chunk.count; at++) {
    const channelId = chunk.channels[at] as number
    const index = indexes.get(channelId) ?? { channelId, records: [] }
    index.records.push([chunk.logTime(at), BigInt(chunk.recordAt(at))])
    indexes.set(channelId, index)
  }
  const builder = new McapRecordBuilder()
  const offsets = new Map<number, bigint>()
  for (const index of indexes.values()) {
    offsets.set(index.channelId, BigInt(start + builder.length))
    builder.writeMessageIndex(index)
  }
  return { bytes: builder.buffer, offsets }
}
