import type { McapTypes } from '@mcap/core'
import type { Account } from '../accounts.ts'
import { type ChunkPlace, type RecordedChannel, RETAINED } from './chunk-file.ts'

/** What says what the messages of a file are. */
export interface Described {
  readonly schemas: readonly McapTypes.Schema[]
  readonly channels: readonly McapTypes.Channel[]
}

/** What a file holds, as its index says, or as was found. */
export interface FileContents {
  readonly isWhole: boolean
  /** True when all of it was read to find that out, and not its index alone. */
  readonly isRead: boolean
  /** Chunks that were found damaged, and are not among the others. */
  readonly damaged: number
  readonly chunks: readonly ChunkPlace[]
  readonly channels: ReadonlyMap<number, RecordedChannel>
  /** Messages of each channel. */
  readonly counts: ReadonlyMap<number, number>
  readonly accounts: readonly Account[]
  readonly described: Described
}

/** What is kept of the channels of a file. */
export function describeChannels(
  channels: Iterable<McapTypes.Channel>,
  schemas: ReadonlyMap<number, { readonly name: string }>,
): Map<number, RecordedChannel> {
  const described = new Map<number, RecordedChannel>()
  for (const { id, topic, messageEncoding, schemaId, metadata } of channels) {
    const channel = { topic, messageEncoding, schema: schemas.get(schemaId)?.name ?? '' }
    described.set(id, metadata.get(RETAINED[0]) === RETAINED[1] ? { ...channel, isRetained: true } : channel)
  }
  return described
}
