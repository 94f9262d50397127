import { crc32 } from 'node:zlib'

/** The length of the header with which a file of encoded pictures begins; the pictures follow, then the index. */
export const CLIP_HEADER_BYTES = 32

/** The size of an index entry: the picture's length, its CRC-32 and its time. */
export const CLIP_ENTRY_BYTES = 16

/** The largest number of pictures in a stored clip: 46 hours at 60 a second, an index of 160 MB. */
export const MAX_CLIP_PICTURES = 10_000_000

const MAX_PICTURE_BYTES = 16 * 1024 * 1024
const MAGIC = 'ZCASTCLP'
const VERSION = 2

/** Lengths, checksums and times of the pictures of a clip, in order. */
export interface ClipIndex {
  readonly lengths: Uint32Array
  readonly checksums: Uint32Array
  /** Seconds from the first picture; they never decrease. */
  readonly times: Float64Array
}

/** The content of the header. */
export interface ClipHeader {
  readonly pictures: number
  /** The position of the index, in bytes. */
  readonly indexOffset: number
  /** CRC-32 of the index. */
  readonly indexChecksum: number
}

/** Encodes the index, little-endian. */
export function encodeClipIndex(
  lengths: readonly number[],
  checksums: readonly number[],
  times: readonly number[],
): Buffer {
  const bytes = Buffer.allocUnsafe(lengths.length * CLIP_ENTRY_BYTES)
  for (const [i, length] of lengths.entries()) {
    bytes.writeUInt32LE(length, i * CLIP_ENTRY_BYTES)
    bytes.writeUInt32LE(checksums[i] as number, i * CLIP_ENTRY_BYTES + 4)
    bytes.writeDoubleLE(times[i] as number, i * CLIP_ENTRY_BYTES + 8)
  }
  return bytes
}

/** Encodes the header, including its own checksum. */
export function encodeClipHeader({ pictures, indexOffset, indexChecksum }: ClipHeader): Buffer {
  const bytes = Buffer.alloc(CLIP_HEADER_BYTES)
  bytes.write(MAGIC, 0, 'latin1')
  bytes.writeUInt16LE(VERSION, 8)
  bytes.writeUInt16LE(0, 10)
  bytes.writeUInt32LE(pictures, 12)
  bytes.writeBigUInt64LE(BigInt(indexOffset), 16)
  bytes.writeUInt32LE(indexChecksum, 24)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28)
  return bytes
}

/**
 * Decodes a header. @returns `undefined` when it is not one, has another version, is damaged, or does not fit the file.
 */
export function decodeClipHeader(bytes: Buffer, fileBytes: number): ClipHeader | undefined {
  if (bytes.length < CLIP_HEADER_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC) return undefined
  if (bytes.readUInt32LE(28) !== crc32(bytes.subarray(0, 28)) || bytes.readUInt16LE(8) !== VERSION)
    return undefined
  const pictures = bytes.readUInt32LE(12)
  const indexOffset = Number(bytes.readBigUInt64LE(16))
  const fits = indexOffset + pictures * CLIP_ENTRY_BYTES === fileBytes
  if (!fits || pictures === 0 || pictures > MAX_CLIP_PICTURES) return undefined
  return { pictures, indexOffset, indexChecksum: bytes.readUInt32LE(24) }
}

/** Decodes an index. @returns `undefined` when it is damaged, or its pictures do not fill the file up to it. */
export function decodeClipIndex(bytes: Buffer, header: ClipHeader): ClipIndex | undefined {
  if (crc32(bytes) !== header.indexChecksum) return undefined
  const lengths = new Uint32Array(header.pictures)
  const checksums = new Uint32Array(header.pictures)
  const times = new Float64Array(header.pictures)
  let sum = CLIP_HEADER_BYTES
  for (let i = 0; i < header.pictures; i++) {
    const length = bytes.readUInt32LE(i * CLIP_ENTRY_BYTES)
    if (length === 0 || length > MAX_PICTURE_BYTES) return undefined
    sum += length
    lengths[i] = length
    checksums[i] = bytes.readUInt32LE(i * CLIP_ENTRY_BYTES + 4)
    times[i] = bytes.readDoubleLE(i * CLIP_ENTRY_BYTES + 8)
    if (!((times[i] as number) >= (times[i - 1] ?? 0))) return undefined
  }
  return sum === header.indexOffset ? { lengths, checksums, times } : undefined
}
