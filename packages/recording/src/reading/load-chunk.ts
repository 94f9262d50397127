import { crc32 } from 'node:zlib'
import { Opcode } from '@mcap/core'
import { DECOMPRESSION } from '../mcap/compression.ts'
import type { ChunkFile, ChunkPlace } from './chunk-file.ts'
import { endOf, LoadedChunk, RECORD_HEAD_BYTES } from './loaded-chunk.ts'

/** Reads a chunk. @returns `undefined` when it is damaged, or gone. */
export async function loadChunk(file: ChunkFile, place: ChunkPlace): Promise<LoadedChunk | undefined> {
  try {
    const bytes = await file.read(place.offset, place.length)
    return new LoadedChunk(place.isBare ? bytes : openChunk(bytes))
  } catch (error) {
    // Whatever is in a file must not end the reading of it; that it cannot be read must.
    if (error instanceof RangeError || error instanceof DamageError) return undefined
    throw error
  }
}

/** Something in a file is not what it should be. */
export class DamageError extends Error {}

/** What the record of a chunk says of the records within it. */
export interface ChunkHead {
  /** Nanoseconds since the Unix epoch. */
  readonly messageStartTime: bigint
  readonly messageEndTime: bigint
  readonly uncompressedSize: bigint
  /** 0 when there is none. */
  readonly checksum: number
  readonly compression: string
  /** Where they begin in the record of the chunk, and their bytes there. */
  readonly recordsAt: number
  readonly compressedSize: number
}

/**
 * Reads what comes before the records of a chunk.
 *
 * @throws {@link DamageError}, {@link RangeError} when it is damaged.
 */
export function readChunkHead(record: Uint8Array): ChunkHead {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength)
  if (record[0] !== Opcode.CHUNK) throw new DamageError('no chunk')
  const end = endOf(view, 0)
  const at = RECORD_HEAD_BYTES
  const nameAt = at + 32
  const recordsAt = nameAt + view.getUint32(at + 28, true) + 8
  const compressedSize = Number(view.getBigUint64(recordsAt - 8, true))
  if (recordsAt + compressedSize > end) throw new DamageError('the records end behind their chunk')
  return {
    messageStartTime: view.getBigUint64(at, true),
    messageEndTime: view.getBigUint64(at + 8, true),
    uncompressedSize: view.getBigUint64(at + 16, true),
    checksum: view.getUint32(at + 24, true),
    compression: Buffer.from(record.subarray(nameAt, recordsAt - 8)).toString('latin1'),
    recordsAt,
    compressedSize,
  }
}

/**
 * The records within the record of a chunk, decompressed.
 *
 * @throws {@link DamageError}, {@link RangeError} when any of it is damaged.
 */
export function openChunk(record: Uint8Array): Uint8Array {
  const { compression, uncompressedSize, checksum, recordsAt, compressedSize } = readChunkHead(record)
  const compressed = record.subarray(recordsAt, recordsAt + compressedSize)
  const records = decompress(compression, compressed, uncompressedSize)
  if (checksum !== 0 && crc32(records) !== checksum) throw new DamageError('the checksum of a chunk is wrong')
  return records
}

function decompress(compression: string, records: Uint8Array, size: bigint): Uint8Array {
  if (compression === '') return records
  if (compression !== 'zstd' && compression !== 'lz4')
    throw new DamageError(`unknown compression ${compression}`)
  try {
    return DECOMPRESSION[compression](records, size)
  } catch (error) {
    throw new DamageError('a chunk cannot be decompressed', { cause: error })
  }
}
