import { crc32 } from 'node:zlib'
import { McapChunkBuilder, McapRecordBuilder, type McapTypes } from '@mcap/core'
import { compress } from './compression.ts'

/** A channel of a file, with its schema if it has one. */
export interface OpenChannel {
  readonly channel: McapTypes.Channel
  readonly schema: McapTypes.Schema | undefined
}

/** A chunk that is complete: its bytes, and what the index says of it, as if it were at the start of the file. */
export interface ClosedChunk {
  /** The chunk's record and the indexes of its messages. */
  readonly bytes: Uint8Array
  readonly index: McapTypes.ChunkIndex
  /** Messages of each channel. */
  readonly counts: ReadonlyMap<number, number>
}

/**
 * A chunk that is being filled. Each has the schemas and channels of its messages, so that any chunk of a file can be
 * read without those before it.
 */
export class OpenChunk {
  readonly #builder = new McapChunkBuilder({ useMessageIndex: true })
  readonly #isCompressed: boolean
  readonly #schemas = new Set<number>()
  readonly #counts = new Map<number, number>()

  constructor({ isCompressed }: { readonly isCompressed: boolean }) {
    this.#isCompressed = isCompressed
  }

  get byteLength(): number {
    return this.#builder.byteLength
  }

  /** Adds a message; its data is copied. */
  add({ channel, schema }: OpenChannel, message: McapTypes.Message): void {
    const count = this.#counts.get(channel.id) ?? 0
    if (count === 0) {
      if (schema && !this.#schemas.has(schema.id)) this.#builder.addSchema(schema)
      if (schema) this.#schemas.add(schema.id)
      this.#builder.addChannel(channel)
    }
    this.#counts.set(channel.id, count + 1)
    this.#builder.addMessage(message)
  }

  /** Takes what has been added; `undefined` when that is nothing. */
  close(): ClosedChunk | undefined {
    if (this.#counts.size === 0) return undefined
    const records = this.#builder.buffer
    const chunk: McapTypes.Chunk = {
      messageStartTime: this.#builder.messageStartTime,
      messageEndTime: this.#builder.messageEndTime,
      uncompressedSize: BigInt(records.byteLength),
      uncompressedCrc: crc32(records),
      compression: this.#isCompressed ? 'zstd' : '',
      records: this.#isCompressed ? compress(records) : records,
    }
    const closed = { ...writeChunk(chunk, this.#builder.indices), counts: new Map(this.#counts) }
    this.#builder.reset()
    this.#counts.clear()
    this.#schemas.clear()
    return closed
  }
}

function writeChunk(
  chunk: McapTypes.Chunk,
  indices: Iterable<McapTypes.MessageIndex>,
): Omit<ClosedChunk, 'counts'> {
  const builder = new McapRecordBuilder()
  const chunkLength = builder.writeChunk(chunk)
  const { offsets, length } = writeMessageIndexes(builder, indices)
  const { messageStartTime, messageEndTime, compression, uncompressedSize, records } = chunk
  return {
    bytes: builder.buffer,
    index: {
      messageStartTime,
      messageEndTime,
      chunkStartOffset: 0n,
      chunkLength,
      messageIndexOffsets: offsets,
      messageIndexLength: length,
      compression,
      compressedSize: BigInt(records.byteLength),
      uncompressedSize,
    },
  }
}

/** Writes the indexes of a chunk's messages. @returns Where each channel's is, and how long all are. */
export function writeMessageIndexes(
  builder: McapRecordBuilder,
  indices: Iterable<McapTypes.MessageIndex>,
): { readonly offsets: Map<number, bigint>; readonly length: bigint } {
  const offsets = new Map<number, bigint>()
  const start = builder.length
  for (const index of indices) {
    offsets.set(index.channelId, BigInt(builder.length))
    builder.writeMessageIndex(index)
  }
  return { offsets, length: BigInt(builder.length - start) }
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
