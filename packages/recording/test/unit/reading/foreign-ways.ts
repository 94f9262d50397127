import zstd from '@foxglove/wasm-zstd'
import type { ForeignOptions } from './foreign-mcap.ts'

const compressChunk: NonNullable<ForeignOptions['compressChunk']> = (data) => ({
  compression: 'zstd',
  compressedData: zstd.compress(data),
})

/** How other programs may write a file, each with how it is told. */
export const FOREIGN_WAYS: readonly (readonly [string, ForeignOptions])[] = [
  ['with an index', { chunkSize: 200 }],
  ['with chunks of zstd', { chunkSize: 200, compressChunk }],
  ['without chunks', { useChunks: false }],
  ['without an index of chunks', { chunkSize: 200, useChunkIndex: false }],
  ['without indexes of messages', { chunkSize: 200, useMessageIndex: false }],
  ['without statistics', { chunkSize: 200, useStatistics: false }],
  ['without channels in its summary', { chunkSize: 200, repeatChannels: false, repeatSchemas: false }],
  [
    'with nothing at its end',
    {
      useChunks: false,
      useStatistics: false,
      useSummaryOffsets: false,
      repeatChannels: false,
      repeatSchemas: false,
      useMessageIndex: false,
      useChunkIndex: false,
    },
  ],
]
