import { SourceError } from '@zcast/shared'
import { findIndexPlace } from '@zcast/media'
import type { PeekedBytes } from '../peeked-bytes.ts'
import type { HttpClient } from './http-client.ts'
import { BOX_HEADER_BYTES, readBox, readBoxes, type Mp4Box } from './mp4-boxes.ts'
import { moveIndex } from './mp4-index.ts'

/** About 30 hours of video. */
const MAX_INDEX_BYTES = 32 * 1024 * 1024
// There may be a few others between the data and the index.
const MAX_BOXES = 8

/**
 * Moves the index of an mp4 file before its data when it comes after it: the index is fetched first, by a request of
 * its own.
 *
 * @param bytes - The file from its start.
 * @param client - For further requests of the same address.
 * @returns `undefined` when the file can be played as it comes.
 * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the server does not return a part of the file, or the index
 *   cannot be used.
 */
export async function withIndexFirst(
  bytes: PeekedBytes,
  client: HttpClient,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const data = await findData(bytes)
  if (!data || data.end === Infinity) return undefined
  const found = await findIndex(client, data)
  if (!moveIndex(found.index, data.at))
    throw unusable(client, 'its index, which is at its end, is damaged or cannot be moved')
  return insert(bytes.read(), found.index, data.at, found.at)
}

/** The data box, if it comes before the index. */
async function findData(bytes: PeekedBytes): Promise<Mp4Box | undefined> {
  let first = await bytes.peek(1)
  for (; findIndexPlace(first) === undefined && !bytes.ended; first = await bytes.peek(first.length + 1));
  if (findIndexPlace(first) !== 'end') return undefined
  first = await bytes.peek(first.length + BOX_HEADER_BYTES)
  return [...readBoxes(first)].find(({ type }) => type === 'mdat')
}

async function findIndex(client: HttpClient, data: Mp4Box): Promise<{ index: Buffer; at: number }> {
  let at = data.end
  for (let boxes = 0; boxes < MAX_BOXES && Number.isSafeInteger(at); boxes++) {
    const box = readBox(await readPart(client, at, BOX_HEADER_BYTES), 0)
    if (!box) break
    if (box.type === 'moov') {
      if (box.end > MAX_INDEX_BYTES)
        throw unusable(client, 'its index, which is at its end, is larger than 32 MiB')
      return { index: await readPart(client, at, box.end), at }
    }
    at += box.end
  }
  throw unusable(client, 'it has no index at its end')
}

/** Reads up to `length` bytes from a position on. */
async function readPart(client: HttpClient, at: number, length: number): Promise<Buffer> {
  const range = `bytes=${at}-${at + length - 1}`
  const { head, body } = await client.get({ Connection: 'keep-alive', Range: range })
  if (head.status !== 206) {
    client.close()
    throw unusable(
      client,
      'its index is at its end, and the server does not send parts of a file: make it with "ffmpeg -movflags +faststart", or download it',
    )
  }
  let part: Buffer = Buffer.alloc(0)
  for await (const chunk of body) {
    part = Buffer.concat([part, chunk])
    if (part.length >= length) break
  }
  return part.subarray(0, length)
}

/** @param end - Bytes from here on are left out. */
async function* insert(
  bytes: AsyncIterable<Uint8Array>,
  index: Uint8Array,
  position: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let at = 0
  for await (const chunk of bytes) {
    const before = Math.min(chunk.length, Math.max(0, position - at))
    if (before > 0) yield chunk.subarray(0, before)
    if (at <= position && at + chunk.length > position) yield index
    const left = Math.min(chunk.length, end - at)
    if (left > before) yield chunk.subarray(before, left)
    at += chunk.length
    if (at >= end) return
  }
}

function unusable({ name }: HttpClient, reason: string): SourceError {
  return new SourceError('ERR_SOURCE_FAILED', `cannot play "${name}": ${reason}`)
}
