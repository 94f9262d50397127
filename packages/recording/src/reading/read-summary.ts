import { McapIndexedReader } from '@mcap/core'
import type { Account } from '../accounts.ts'
import { ACCOUNTS, decodeAccounts } from '../mcap/accounts-record.ts'
import { DECOMPRESSION } from '../mcap/compression.ts'
import { type ChunkPlace, placeOf } from './chunk-file.ts'
import { describeChannels, type FileContents } from './file-contents.ts'
import type { ReadableFile } from './readable-file.ts'

/**
 * Reads what the index at the end of a file says of it.
 *
 * @returns `undefined` when it has none, or a damaged one; `incomplete` when it leaves out what the file holds.
 */
export async function readSummary(file: ReadableFile): Promise<FileContents | 'incomplete' | undefined> {
  const reader = await openReader(file)
  if (!reader) return undefined
  const { chunkIndexes, channelsById, schemasById, statistics } = reader
  if (!statistics || statistics.chunkCount !== chunkIndexes.length) return 'incomplete'
  if (statistics.channelCount > channelsById.size || statistics.schemaCount > schemasById.size)
    return 'incomplete'
  // Its messages are then not in chunks.
  if (chunkIndexes.length === 0 && statistics.messageCount > 0n) return 'incomplete'
  const chunks: ChunkPlace[] = []
  for (const index of chunkIndexes) {
    const isEmpty = index.messageEndTime === 0n && index.messageIndexLength === 0n
    if (!isEmpty) chunks.push(placeOf(index, chunks.at(-2)))
  }
  const counts = [...statistics.channelMessageCounts].map(([id, count]) => [id, Number(count)] as const)
  return {
    isWhole: true,
    isRead: false,
    damaged: 0,
    chunks,
    channels: describeChannels(channelsById.values(), schemasById),
    counts: new Map(counts),
    accounts: await readAccounts(reader),
    described: { schemas: [...schemasById.values()], channels: [...channelsById.values()] },
  }
}

async function openReader(file: ReadableFile): Promise<McapIndexedReader | undefined> {
  const readable = {
    size: async () => BigInt(file.size),
    read: (offset: bigint, size: bigint) => file.read(Number(offset), Number(size)),
  }
  try {
    return await McapIndexedReader.Initialize({ readable, decompressHandlers: DECOMPRESSION })
  } catch {
    return undefined
  }
}

async function readAccounts(reader: McapIndexedReader): Promise<readonly Account[]> {
  let accounts: readonly Account[] = []
  try {
    for await (const { metadata } of reader.readMetadata({ name: ACCOUNTS }))
      accounts = decodeAccounts(metadata)
  } catch {
    // What is damaged says nothing.
  }
  return accounts
}
