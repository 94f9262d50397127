import { crc32 } from 'node:zlib'
import { MCAP_MAGIC, McapRecordBuilder, type McapTypes, Opcode } from '@mcap/core'
import type { ChunkIndexes } from './chunk-indexes.ts'

/** What a file holds, as its end says. */
export interface Contents {
  readonly schemas: readonly McapTypes.Schema[]
  readonly channels: readonly McapTypes.Channel[]
  readonly chunks: ChunkIndexes
  /** Messages of each channel. */
  readonly counts: ReadonlyMap<number, number>
  /** The record that comes last, before the index. */
  readonly metadata: McapTypes.Metadata
  /** The number of such records before it. */
  readonly earlierMetadata: number
  /** Of those, what the index says: what an index leaves out, a reader does not find. Default: nothing. */
  readonly metadataIndexes?: readonly McapTypes.MetadataIndex[]
  /** Default: there are none. */
  readonly attachmentIndexes?: readonly McapTypes.AttachmentIndex[]
}

/** At the end of a footer. */
const CHECKSUM_BYTES = 4

const MAGIC = Uint8Array.from(MCAP_MAGIC)

/** The end of a file: its last metadata, the index of everything, and the footer. @param start - Where it is written. */
export function encodeSummary(contents: Contents, start: number): Uint8Array {
  const { schemas, channels, chunks, metadata, metadataIndexes = [], attachmentIndexes = [] } = contents
  const builder = new McapRecordBuilder()
  const metadataLength = builder.writeMetadata(metadata)
  builder.writeDataEnd({ dataSectionCrc: 0 })
  const summaryStart = builder.length
  const groups: McapTypes.SummaryOffset[] = []
  const group = (groupOpcode: Opcode, write: () => void): void => {
    const from = builder.length
    write()
    const groupLength = BigInt(builder.length - from)
    if (groupLength > 0n) groups.push({ groupOpcode, groupStart: BigInt(start + from), groupLength })
  }
  group(Opcode.SCHEMA, () => {
    for (const schema of schemas) builder.writeSchema(schema)
  })
  group(Opcode.CHANNEL, () => {
    for (const channel of channels) builder.writeChannel(channel)
  })
  group(Opcode.STATISTICS, () => builder.writeStatistics(countAll(contents)))
  group(Opcode.ATTACHMENT_INDEX, () => {
    for (const index of attachmentIndexes) builder.writeAttachmentIndex(index)
  })
  group(Opcode.METADATA_INDEX, () => {
    for (const index of metadataIndexes) builder.writeMetadataIndex(index)
    builder.writeMetadataIndex({ name: metadata.name, offset: BigInt(start), length: metadataLength })
  })
  const before = builder.buffer
  builder.reset()
  const groupStart = start + before.byteLength
  const offsetsStart = groupStart + chunks.bytes.byteLength
  if (chunks.count > 0)
    groups.push({
      groupOpcode: Opcode.CHUNK_INDEX,
      groupStart: BigInt(groupStart),
      groupLength: BigInt(chunks.bytes.byteLength),
    })
  for (const each of groups) builder.writeSummaryOffset(each)
  const footer = { summaryStart: BigInt(start + summaryStart), summaryOffsetStart: BigInt(offsetsStart) }
  builder.writeFooter({ ...footer, summaryCrc: 0 })
  const bytes = Buffer.concat([before, chunks.bytes, builder.buffer, MAGIC])
  // The checksum covers what of the footer comes before it.
  const checksumAt = bytes.byteLength - MAGIC.byteLength - CHECKSUM_BYTES
  bytes.writeUInt32LE(crc32(bytes.subarray(summaryStart, checksumAt)), checksumAt)
  return bytes
}

function countAll(contents: Contents): McapTypes.Statistics {
  const { schemas, channels, chunks, counts, earlierMetadata, attachmentIndexes = [] } = contents
  return {
    messageCount: BigInt([...counts.values()].reduce((sum, count) => sum + count, 0)),
    schemaCount: schemas.length,
    channelCount: channels.length,
    attachmentCount: attachmentIndexes.length,
    metadataCount: earlierMetadata + 1,
    chunkCount: chunks.count,
    messageStartTime: chunks.from,
    messageEndTime: chunks.to,
    channelMessageCounts: new Map([...counts].map(([id, count]) => [id, BigInt(count)])),
  }
}
