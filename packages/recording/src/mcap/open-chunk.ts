import { crc32 } from 'node:zlib'
import { McapRecordBuilder, type McapTypes, Opcode } from '@mcap/core'
import { compress } from './compression.ts'
import { GrowingBytes } from './growing-bytes.ts'

/** A channel of a file, with its schema if it has one. */
export interface OpenChannel {
  readonly channel: McapTypes.Channel
  readonly schema: McapTypes.Schema | undefined
}

/** A chunk that is complete: its bytes, and what the index says of it, as if it were at the start of the file. */
export interface ClosedChunk {
  /** The chunk's record and the indexes of its messages; until {@link free} is called. */
  readonly bytes: Uint8Array
  readonly index: McapTypes.ChunkIndex
  /** Messages of each channel. */
  readonly counts: ReadonlyMap<number, number>
  /** Gives back the memory of its bytes. */
  free(): void
}

/** Opcode and length. */
const RECORD_HEAD_BYTES = 9
/** Channel, sequence, two times. */
const MESSAGE_HEAD_BYTES = 2 + 4 + 8 + 8
/** Everything before the name of the compression: two times, size, checksum. */
const CHUNK_HEAD_BYTES = RECORD_HEAD_BYTES + 8 + 8 + 8 + 4
/** Time and offset. */
const INDEX_ENTRY_BYTES = 16

/** Room for a chunk; larger ones are not kept. */
const SPARE_BYTES = 4 * 1024 * 1024
const MAX_SPARES = 2

/** The index of a channel's messages. */
class ChannelIndex {
  readonly bytes = new GrowingBytes(256)
  count = 0

  add(time: bigint, offset: number): void {
    const at = this.bytes.grow(INDEX_ENTRY_BYTES)
    this.bytes.view.setBigUint64(at, time, true)
    this.bytes.view.setUint32(at + 8, offset, true)
    this.bytes.view.setUint32(at + 12, 0, true)
    this.count += 1
  }
}

/**
 * A chunk that is being filled. Each has the schemas and channels of its messages, so that any chunk of a file can be
 * read without those before it. The library's own builder takes three times as long for a small message.
 */
export class OpenChunk {
  readonly #compression: '' | 'zstd'
  /** Where the messages begin. */
  readonly #start: number
  readonly #schemas = new Set<number>()
  readonly #indexes = new Map<number, ChannelIndex>()
  readonly #spares: GrowingBytes[] = []
  #bytes: GrowingBytes
  #startTime = 0n
  #endTime = 0n

  constructor({ isCompressed }: { readonly isCompressed: boolean }) {
    this.#compression = isCompressed ? 'zstd' : ''
    this.#start = CHUNK_HEAD_BYTES + 4 + this.#compression.length + 8
    this.#bytes = this.#begin()
  }

  /** Of what was added. */
  get byteLength(): number {
    return this.#bytes.length - this.#start
  }

  /** Adds a message; its data is copied. */
  add(open: OpenChannel, { channelId, sequence, logTime, publishTime, data }: McapTypes.Message): void {
    let index = this.#indexes.get(channelId)
    if (!index) {
      index = new ChannelIndex()
      if (this.#indexes.size === 0) this.#startTime = logTime
      this.#indexes.set(channelId, index)
      this.#describe(open)
    }
    index.add(logTime, this.byteLength)
    if (logTime < this.#startTime) this.#startTime = logTime
    if (logTime > this.#endTime) this.#endTime = logTime
    const at = this.#bytes.grow(RECORD_HEAD_BYTES + MESSAGE_HEAD_BYTES + data.byteLength)
    const { view } = this.#bytes
    writeHead(view, at, Opcode.MESSAGE, MESSAGE_HEAD_BYTES + data.byteLength)
    view.setUint16(at + 9, channelId, true)
    view.setUint32(at + 11, sequence, true)
    view.setBigUint64(at + 15, logTime, true)
    view.setBigUint64(at + 23, publishTime, true)
    this.#bytes.bytes.set(data, at + 31)
  }

  /** Takes what has been added; `undefined` when that is nothing. */
  close(): ClosedChunk | undefined {
    if (this.#indexes.size === 0) return undefined
    const own = this.#bytes
    const records = own.bytes.subarray(this.#start, own.length)
    const chunk = {
      messageStartTime: this.#startTime,
      messageEndTime: this.#endTime,
      uncompressedSize: BigInt(records.byteLength),
      compression: this.#compression,
    }
    const checksum = crc32(records)
    let written = own
    if (this.#compression !== '') {
      const compressed = compress(records)
      written = new GrowingBytes(this.#start + compressed.byteLength + 1024)
      written.grow(this.#start)
      written.append(compressed)
    }
    const chunkLength = written.length
    const compressedSize = chunkLength - this.#start
    this.#writeHead(written.view, { ...chunk, checksum, chunkLength, compressedSize })
    const offsets = new Map<number, bigint>()
    const counts = new Map<number, number>()
    for (const [id, { bytes, count }] of this.#indexes) {
      offsets.set(id, BigInt(written.length))
      counts.set(id, count)
      const at = written.grow(RECORD_HEAD_BYTES + 2 + 4)
      writeHead(written.view, at, Opcode.MESSAGE_INDEX, 2 + 4 + bytes.length)
      written.view.setUint16(at + 9, id, true)
      written.view.setUint32(at + 11, bytes.length, true)
      written.append(bytes.bytes.subarray(0, bytes.length))
    }
    const index = {
      ...chunk,
      chunkStartOffset: 0n,
      chunkLength: BigInt(chunkLength),
      messageIndexOffsets: offsets,
      messageIndexLength: BigInt(written.length - chunkLength),
      compressedSize: BigInt(compressedSize),
    }
    if (written !== own) this.#keep(own)
    this.#indexes.clear()
    this.#schemas.clear()
    this.#endTime = 0n
    this.#bytes = this.#begin()
    return {
      bytes: written.bytes.subarray(0, written.length),
      index,
      counts,
      free: () => {
        if (written === own) this.#keep(own)
      },
    }
  }

  #begin(): GrowingBytes {
    const bytes = this.#spares.pop() ?? new GrowingBytes(64 * 1024)
    bytes.length = this.#start
    return bytes
  }

  /** Fresh memory costs more than what is written to it. */
  #keep(bytes: GrowingBytes): void {
    if (this.#spares.length < MAX_SPARES && bytes.bytes.byteLength <= SPARE_BYTES) this.#spares.push(bytes)
  }

  #describe({ channel, schema }: OpenChannel): void {
    const builder = new McapRecordBuilder()
    if (schema && !this.#schemas.has(schema.id)) builder.writeSchema(schema)
    if (schema) this.#schemas.add(schema.id)
    builder.writeChannel(channel)
    this.#bytes.append(builder.buffer)
  }

  #writeHead(
    view: DataView,
    {
      messageStartTime,
      messageEndTime,
      uncompressedSize,
      checksum,
      chunkLength,
      compressedSize,
    }: Pick<McapTypes.Chunk, 'messageStartTime' | 'messageEndTime' | 'uncompressedSize'> & {
      readonly checksum: number
      readonly chunkLength: number
      readonly compressedSize: number
    },
  ): void {
    writeHead(view, 0, Opcode.CHUNK, chunkLength - RECORD_HEAD_BYTES)
    view.setBigUint64(9, messageStartTime, true)
    view.setBigUint64(17, messageEndTime, true)
    view.setBigUint64(25, uncompressedSize, true)
    view.setUint32(33, checksum, true)
    const name = this.#compression
    view.setUint32(CHUNK_HEAD_BYTES, name.length, true)
    for (let at = 0; at < name.length; at++) view.setUint8(CHUNK_HEAD_BYTES + 4 + at, name.charCodeAt(at))
    view.setBigUint64(this.#start - 8, BigInt(compressedSize), true)
  }
}

function writeHead(view: DataView, at: number, opcode: Opcode, length: number): void {
  view.setUint8(at, opcode)
  view.setUint32(at + 1, length, true)
  view.setUint32(at + 5, 0, true)
}

/** What the index says of a chunk that is `offset` bytes further on. */
export function moveChunkIndex(index: McapTypes.ChunkIndex, offset: number): McapTypes.ChunkIndex {
  const by = BigInt(offset)
  const offsets = [...index.messageIndexOffsets].map(([id, at]) => [id, at + by] as const)
  return {
    ...index,
    chunkStartOffset: index.chunkStartOffset + by,
    messageIndexOffsets: new Map(offsets),
  }
}
