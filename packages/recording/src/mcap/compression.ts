import lz4 from '@foxglove/wasm-lz4'
import zstd from '@foxglove/wasm-zstd'

/** Fast, and rows of numbers come out nearly as small as with more. */
const LEVEL = 1

/** A chunk that claims to be larger is not read. */
const MAX_CHUNK_BYTES = 256 * 1024 * 1024

/** Resolves once chunks can be compressed and decompressed. */
export async function loadCompression(): Promise<void> {
  await Promise.all([zstd.isLoaded, lz4.isLoaded])
}

/** Compresses the records of a chunk with zstd. */
export function compress(records: Uint8Array): Uint8Array {
  return zstd.compress(records, LEVEL)
}

function decompressWith(
  name: string,
  decompress: (data: Uint8Array, size: number) => Uint8Array,
): (data: Uint8Array, size: bigint) => Uint8Array {
  return (data, size) => {
    if (size > MAX_CHUNK_BYTES) throw new RangeError(`a ${name} chunk of ${size} bytes is too large`)
    return decompress(data, Number(size))
  }
}

/** What reads the chunks of recordings, by the name of their compression; call {@link loadCompression} before. */
export const DECOMPRESSION = {
  zstd: decompressWith('zstd', zstd.decompress),
  lz4: decompressWith('lz4', lz4),
}
