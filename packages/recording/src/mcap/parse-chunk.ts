import { crc32 } from 'node:zlib'
import { McapStreamReader, type McapTypes, Opcode } from '@mcap/core'
import { DECOMPRESSION } from './compression.ts'

/** What is in a chunk, as the index of a file has it. */
export interface ParsedChunk {
  /** As if the chunk were at the start of the file, and without the indexes of its messages. */
  readonly index: McapTypes.ChunkIndex
  readonly schemas: readonly McapTypes.Schema[]
  readonly channels: readonly McapTypes.Channel[]
  readonly messages: readonly McapTypes.Message[]
  /** Of each channel with messages. */
  readonly messageIndexes: ReadonlyMap<number, McapTypes.MessageIndex>
}

/** Opcode and length of a record. */
export const RECORD_HEAD_BYTES = 9

/** Parses the record of a chunk. @returns `undefined` when any of it is damaged. */
export function parseChunk(record: Uint8Array): ParsedChunk | undefined {
  try {
    const chunk = readChunk(record)
    const records = decompress(chunk)
    if (chunk.uncompressedCrc !== 0 && crc32(records) !== chunk.uncompressedCrc) return undefined
    return { ...readRecords(records), index: indexOf(chunk, record.byteLength) }
  } catch {
    return undefined
  }
}

function readChunk(record: Uint8Array): McapTypes.Chunk {
  const reader = new McapStreamReader({ noMagicPrefix: true, includeChunks: true, validateCrcs: false })
  reader.append(record)
  const chunk = reader.nextRecord()
  if (chunk?.type !== 'Chunk') throw new RangeError('no chunk')
  return chunk
}

function decompress({ compression, records, uncompressedSize }: McapTypes.Chunk): Uint8Array {
  if (compression === '') return records
  if (compression === 'zstd' || compression === 'lz4')
    return DECOMPRESSION[compression](records, uncompressedSize)
  throw new RangeError(`unknown compression ${compression}`)
}

function readRecords(records: Uint8Array): Omit<ParsedChunk, 'index'> {
  const schemas: McapTypes.Schema[] = []
  const channels: McapTypes.Channel[] = []
  const messages: McapTypes.Message[] = []
  const messageIndexes = new Map<number, McapTypes.MessageIndex>()
  for (const { offset, bytes } of splitRecords(records)) {
    const record = readRecord(bytes)
    if (record?.type === 'Schema') schemas.push(record)
    else if (record?.type === 'Channel') channels.push(record)
    else if (bytes[0] === Opcode.MESSAGE) {
      const message = readMessage(bytes)
      messages.push(message)
      const index = messageIndexes.get(message.channelId) ?? { channelId: message.channelId, records: [] }
      index.records.push([message.logTime, BigInt(offset)])
      messageIndexes.set(message.channelId, index)
    }
  }
  return { schemas, channels, messages, messageIndexes }
}

/** The library refuses a message before its channel, and would have to be told of all channels for each. */
function readMessage(bytes: Uint8Array): McapTypes.Message {
  const view = new DataView(bytes.buffer, bytes.byteOffset + RECORD_HEAD_BYTES)
  return {
    channelId: view.getUint16(0, true),
    sequence: view.getUint32(2, true),
    logTime: view.getBigUint64(6, true),
    publishTime: view.getBigUint64(14, true),
    data: bytes.subarray(RECORD_HEAD_BYTES + 22),
  }
}

/** Reads the record of a schema, a channel or metadata; `undefined` for any other. */
export function readRecord(bytes: Uint8Array): McapTypes.TypedMcapRecord | undefined {
  const opcode = bytes[0]
  if (opcode !== Opcode.SCHEMA && opcode !== Opcode.CHANNEL && opcode !== Opcode.METADATA) return undefined
  const reader = new McapStreamReader({ noMagicPrefix: true })
  reader.append(bytes)
  return reader.nextRecord()
}

function* splitRecords(records: Uint8Array): Generator<{ offset: number; bytes: Uint8Array }> {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength)
  let offset = 0
  while (offset < records.byteLength) {
    const end = offset + RECORD_HEAD_BYTES + Number(view.getBigUint64(offset + 1, true))
    if (end > records.byteLength) throw new RangeError('a record ends behind its chunk')
    yield { offset, bytes: records.subarray(offset, end) }
    offset = end
  }
}

function indexOf(chunk: McapTypes.Chunk, length: number): McapTypes.ChunkIndex {
  const { messageStartTime, messageEndTime, compression, uncompressedSize, records } = chunk
  return {
    messageStartTime,
    messageEndTime,
    chunkStartOffset: 0n,
    chunkLength: BigInt(length),
    messageIndexOffsets: new Map(),
    messageIndexLength: 0n,
    compression,
    compressedSize: BigInt(records.byteLength),
    uncompressedSize,
  }
}
