import type { McapTypes } from '@mcap/core'

/** Where a chunk of a file is, and what is in it; some 150 bytes of memory, and two for each of its channels. */
export interface ChunkPlace {
  /** Seconds since the Unix epoch at which its first and last message were recorded. */
  readonly from: number
  readonly to: number
  /** Bytes from the beginning of the file. */
  readonly offset: number
  /** Of its record; of all its records when they are bare. */
  readonly length: number
  /** True for records that are not in a chunk, but lie in the file one after another. */
  readonly isBare: boolean
  /** The channels with messages in it; `undefined` when that is not known. */
  readonly channels: Uint16Array | undefined
}

/** What a channel has as metadata when its values came before the file began: they hold, and are not counted. */
export const RETAINED = ['zcast.retained', 'true'] as const

/** A channel of a file, as far as reading its messages takes it. */
export interface RecordedChannel {
  readonly topic: string
  /** `protobuf`, `json`, `cdr`... */
  readonly messageEncoding: string
  /** The name of its schema; empty when it has none. */
  readonly schema: string
  /** True when its values came before the file began: see {@link RETAINED}. */
  readonly isRetained?: boolean
}

/** A file whose chunks are read, wherever their places come from: its own index, or the memory of who writes it. */
export interface ChunkFile {
  /** In the order of the file. May grow. */
  readonly chunks: readonly ChunkPlace[]
  /** By the id that messages name. May grow. */
  readonly channels: ReadonlyMap<number, RecordedChannel>
  /** @throws {@link SourceError} `ERR_SOURCE_FAILED` when it cannot be read; {@link RangeError} when it is shorter. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** Seconds of the nanoseconds of a file. Two moments are told apart by it when they are 0.3 µs apart. */
export function toSeconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9
}

/** What is kept of what the index of a file says of a chunk. @param before - A place with which it may share memory. */
export function placeOf(index: McapTypes.ChunkIndex, before?: ChunkPlace): ChunkPlace {
  const { messageStartTime, messageEndTime, chunkStartOffset, chunkLength, messageIndexOffsets } = index
  const channels = Uint16Array.from(messageIndexOffsets.keys()).toSorted()
  const shared = before?.channels && isEqual(before.channels, channels) ? before.channels : channels
  return {
    from: toSeconds(messageStartTime),
    to: toSeconds(messageEndTime),
    offset: Number(chunkStartOffset),
    length: Number(chunkLength),
    isBare: false,
    // A chunk without indexes of its messages may have some all the same.
    channels: channels.length === 0 ? undefined : shared,
  }
}

function isEqual(one: Uint16Array, other: Uint16Array): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index])
}
