import { crc32 } from 'node:zlib'
import { McapRecordBuilder, type McapTypes, Opcode } from '@mcap/core'

/** What a file holds, as its end says. */
export interface Contents {
  readonly schemas: readonly McapTypes.Schema[]
  readonly channels: readonly McapTypes.Channel[]
  readonly chunks: readonly McapTypes.ChunkIndex[]
  /** Messages of each channel. */
  readonly counts: ReadonlyMap<number, number>
  /** The record that comes last, before the index. */
  readonly metadata: McapTypes.Metadata
  /** The number of such records before it. */
  readonly earlierMetadata: number
}

/** Opcode, length, and the two offsets of a footer, which its own checksum covers. */
const FOOTER_START_BYTES = 1 + 8 + 8 + 8

/** The end of a file: its last metadata, the index of everything, and the footer. @param start - Where it is written. */
export function encodeSummary(contents: Contents, start: number): Uint8Array {
  const { schemas, channels, chunks, metadata } = contents
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
  group(Opcode.METADATA_INDEX, () =>
    builder.writeMetadataIndex({ name: metadata.name, offset: BigInt(start), length: metadataLength }),
  )
  group(Opcode.CHUNK_INDEX, () => {
    for (const chunk of chunks) builder.writeChunkIndex(chunk)
  })
  const offsetsStart = builder.length
  for (const each of groups) builder.writeSummaryOffset(each)
  const footer = {
    summaryStart: BigInt(start + summaryStart),
    summaryOffsetStart: BigInt(start + offsetsStart),
  }
  // The checksum covers what of the footer comes before it.
  const footerStart = builder.length
  builder.writeFooter({ ...footer, summaryCrc: 0 })
  const covered = builder.buffer.subarray(summaryStart, footerStart + FOOTER_START_BYTES)
  const summaryCrc = crc32(covered)
  const bytes = builder.buffer
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(footerStart + FOOTER_START_BYTES, summaryCrc, true)
  builder.writeMagic()
  return builder.buffer
}

function countAll({ schemas, channels, chunks, counts, earlierMetadata }: Contents): McapTypes.Statistics {
  const starts = chunks.map(({ messageStartTime }) => messageStartTime)
  const ends = chunks.map(({ messageEndTime }) => messageEndTime)
  const [start = 0n] = starts
  const [end = 0n] = ends
  return {
    messageCount: BigInt([...counts.values()].reduce((sum, count) => sum + count, 0)),
    schemaCount: schemas.length,
    channelCount: channels.length,
    attachmentCount: 0,
    metadataCount: earlierMetadata + 1,
    chunkCount: chunks.length,
    messageStartTime: starts.reduce((least, time) => (time < least ? time : least), start),
    messageEndTime: ends.reduce((most, time) => (time > most ? time : most), end),
    channelMessageCounts: new Map([...counts].map(([id, count]) => [id, BigInt(count)])),
  }
}
