import type { McapTypes } from '@mcap/core'
import { type ParsedChunk, parseChunk } from '../mcap/parse-chunk.ts'
import { ReadableFile } from '../mcap/readable-file.ts'
import type { RingChunk, RingSegment } from './ring-segment.ts'

/** A message of a ring. */
export interface RingMessage {
  readonly channel: McapTypes.Channel
  /** The name of its schema. */
  readonly schema: string
  readonly message: McapTypes.Message
  /** Seconds since the Unix epoch. */
  readonly time: number
}

/** What is read of a series. */
export interface RingSelection {
  readonly wants: (topic: string) => boolean
  /** Seconds since the Unix epoch, both included. */
  readonly from: number
  readonly to: number
}

/** Chunks of one file, as they were when reading began. */
export interface SegmentPart {
  readonly segment: RingSegment
  readonly chunks: readonly RingChunk[]
}

/** The chunks that have anything of a selection, in the order of time. */
export function selectChunks(
  segments: readonly RingSegment[],
  { wants, from, to }: RingSelection,
): readonly SegmentPart[] {
  const isWanted = (chunk: RingChunk): boolean =>
    chunk.to >= from && chunk.from <= to && [...chunk.topics].some(wants)
  return segments
    .map((segment) => ({ segment, chunks: segment.chunks.filter(isWanted) }))
    .filter(({ chunks }) => chunks.length > 0)
}

/**
 * Reads the messages of a selection in the order in which they were written, or backwards. A segment that is removed
 * before it is come to is left out.
 */
export async function* readSeries(
  parts: readonly SegmentPart[],
  { wants, from, to }: RingSelection,
  isReverse = false,
): AsyncGenerator<RingMessage> {
  for (const { segment, chunks } of isReverse ? parts.toReversed() : parts) {
    await using handle = await segment.open()
    if (!handle) continue
    const last = chunks.reduce((end, { offset, length }) => Math.max(end, offset + length), 0)
    const file = new ReadableFile(handle, last)
    for (const { offset, length } of isReverse ? chunks.toReversed() : chunks) {
      const chunk = parseChunk(await file.read(BigInt(offset), BigInt(length)))
      if (!chunk) continue
      const messages = [...messagesOf(chunk)].filter(
        ({ channel, time }) => wants(channel.topic) && time >= from && time <= to,
      )
      yield* isReverse ? messages.toReversed() : messages
    }
  }
}

function* messagesOf({ schemas, channels, messages }: ParsedChunk): Generator<RingMessage> {
  const names = new Map(schemas.map(({ id, name }) => [id, name]))
  const byId = new Map(channels.map((channel) => [channel.id, channel]))
  for (const message of messages) {
    const channel = byId.get(message.channelId)
    if (!channel) continue
    const time = Number(message.logTime) / 1e9
    yield { channel, schema: names.get(channel.schemaId) ?? '', message, time }
  }
}
