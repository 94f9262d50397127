import { read, fstat } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { readJpegSize } from '@zcast/shared/internal'
import {
  CLIP_ENTRY_BYTES,
  CLIP_HEADER_BYTES,
  decodeClipHeader,
  decodeClipIndex,
  type ClipIndex,
} from './clip-format.ts'

const statFile = promisify(fstat)

// A read call for each picture costs 0.3 ms of CPU time in all at 1080p, which is more than all the rest (measured).
const READ_AHEAD_BYTES = 2 * 1024 * 1024

// New memory for each picture makes V8 collect garbage every two seconds at 30 pictures of 1080p a second, which costs
// half of all the CPU time of a replay (measured).
const RESIDENT_BYTES = 64 * 1024 * 1024

/** Neighbouring pictures, read at once. */
interface Chunk {
  readonly first: number
  /** The number of the picture after the last one. */
  readonly end: number
  readonly bytes: Buffer
}

/**
 * The encoded pictures of a clip, from a file. They are read on request, from the system's page cache, up to 2 MiB at
 * once. A clip of up to 64 MiB stays in memory; of others, 24 bytes per picture. The file stays readable for this
 * reader when another process deletes it.
 */
export class ClipReader {
  /** The number of pictures; at least 1. */
  readonly pictures: number
  readonly #file: FileHandle
  readonly #index: ClipIndex
  readonly #offsets: Float64Array
  /** The pictures that were read and found valid, if all of them may stay in memory. */
  readonly #resident: (Uint8Array | undefined)[] | undefined
  #chunk: Promise<Chunk | undefined> = Promise.resolve(undefined)

  private constructor(file: FileHandle, index: ClipIndex) {
    this.#file = file
    this.#index = index
    this.pictures = index.lengths.length
    this.#offsets = new Float64Array(this.pictures)
    let offset = CLIP_HEADER_BYTES
    for (const [i, length] of index.lengths.entries()) {
      this.#offsets[i] = offset
      offset += length
    }
    this.#resident = offset <= RESIDENT_BYTES ? [] : undefined
  }

  /**
   * Opens a file and records that it was used now.
   *
   * @returns `undefined` when it is damaged, or not a file of pictures.
   * @throws The system's error, such as `ENOENT`.
   */
  static async open(path: string): Promise<ClipReader | undefined> {
    const file = await open(path, 'r')
    let index: ClipIndex | undefined
    try {
      index = await readIndex(file)
    } finally {
      if (!index) await file.close()
    }
    const reader = index && new ClipReader(file, index)
    await reader?.touch()
    return reader
  }

  /** Records that the file was used now: the least recently used one is deleted first. Never rejects. */
  async touch(): Promise<void> {
    const now = Date.now() / 1000
    await this.#file.utimes(now, now).catch(() => undefined)
  }

  /**
   * Reads one picture.
   *
   * @param index - From 0.
   * @returns A complete JPEG, not to be written to; `undefined` when it is damaged or missing.
   */
  async read(index: number): Promise<Uint8Array | undefined> {
    const known = this.#resident?.[index]
    if (known) return known
    const length = this.#index.lengths[index]
    const offset = this.#offsets[index]
    if (length === undefined || offset === undefined) return undefined
    let chunk = await this.#chunk
    if (!chunk || index < chunk.first || index >= chunk.end) {
      this.#chunk = this.#readChunk(index)
      chunk = await this.#chunk
    }
    if (!chunk) return undefined
    const start = offset - (this.#offsets[chunk.first] as number)
    const picture = chunk.bytes.subarray(start, start + length)
    if (crc32(picture) !== this.#index.checksums[index]) return undefined
    if (!readJpegSize(picture)) return undefined
    if (this.#resident) this.#resident[index] = picture
    return picture
  }

  /** The time of a picture, in seconds from the first one. @param index - From 0 to the last. */
  at(index: number): number {
    return this.#index.times[index] as number
  }

  async #readChunk(first: number): Promise<Chunk | undefined> {
    const { lengths } = this.#index
    let end = first
    let length = 0
    do length += lengths[end++] as number
    while (end < this.pictures && length + (lengths[end] as number) <= READ_AHEAD_BYTES)
    const position = this.#offsets[first] as number
    const bytes = await readFully(this.#file, length, position).catch(() => undefined)
    return bytes && { first, end, bytes }
  }

  /** Frees the file. May be called twice. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined)
  }
}

async function readIndex(file: FileHandle): Promise<ClipIndex | undefined> {
  const { size } = await statFile(file.fd)
  const start = await readFully(file, CLIP_HEADER_BYTES, 0)
  const header = start && decodeClipHeader(start, size)
  if (!header) return undefined
  const bytes = await readFully(file, header.pictures * CLIP_ENTRY_BYTES, header.indexOffset)
  return bytes && decodeClipIndex(bytes, header)
}

/** @returns `undefined` when the file ends earlier. */
async function readFully(file: FileHandle, length: number, position: number): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafeSlow(length)
  let done = 0
  while (done < length) {
    const bytes = await readSome(file.fd, buffer, done, length - done, position + done)
    if (bytes === 0) return undefined
    done += bytes
  }
  return buffer
}

/** Uses the callback interface: a FileHandle's own promise costs twice as much for each picture. */
function readSome(
  fd: number,
  buffer: Buffer,
  offset: number,
  length: number,
  position: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, offset, length, position, (error, bytes) => (error ? reject(error) : resolve(bytes)))
  })
}
