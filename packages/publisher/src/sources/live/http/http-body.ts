import { Readable, type Duplex } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { headerOf, mediaType, type HttpHead } from './http-head.ts'
import type { SocketReader } from './socket-reader.ts'

/** The way in which an answer's body ends. */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'until-close' }

/**
 * Finds out how the body of an answer ends. The length of an endless stream is ignored: some cameras state 0, or any
 * number.
 */
export function bodyFraming(head: HttpHead): BodyFraming {
  if (head.status === 204 || head.status === 304) return { kind: 'none' }
  if (/\bchunked\b/i.test(headerOf(head, 'transfer-encoding'))) return { kind: 'chunked' }
  const bytes = contentLength(head)
  if (bytes === undefined || mediaType(head).startsWith('multipart/')) return { kind: 'until-close' }
  if (bytes > 0) return { kind: 'length', bytes }
  return head.status === 200 ? { kind: 'until-close' } : { kind: 'none' }
}

/** The length that an answer states, in bytes; `undefined` when it states none. */
export function contentLength(head: HttpHead): number | undefined {
  const digits = /^\d{1,15}$/.exec(headerOf(head, 'content-length'))
  return digits ? Number(digits[0]) : undefined
}

/** The bytes of a body as they were sent. @throws When it ends too early. */
export async function* readBody(reader: SocketReader, framing: BodyFraming): AsyncGenerator<Buffer> {
  if (framing.kind === 'none') return
  if (framing.kind === 'chunked') yield* readChunks(reader)
  else if (framing.kind === 'length') yield* readExactly(reader, framing.bytes)
  else yield* readToEnd(reader)
}

/** Undoes a compression that was not requested. */
export function decompress(bytes: AsyncIterable<Buffer>, encoding: string): AsyncIterable<Buffer> {
  const decoder = decoderOf(encoding.toLowerCase())
  if (!decoder) return bytes
  const from = Readable.from(bytes, { objectMode: false })
  from.on('error', (error) => decoder.destroy(error))
  decoder.on('close', () => from.destroy())
  return from.pipe(decoder)
}

function decoderOf(encoding: string): Duplex | undefined {
  if (/^(x-)?gzip$/.test(encoding)) return createGunzip()
  if (encoding === 'deflate') return createInflate()
  return encoding === 'br' ? createBrotliDecompress() : undefined
}

async function* readToEnd(reader: SocketReader): AsyncGenerator<Buffer> {
  for (let bytes = await reader.read(); bytes; bytes = await reader.read()) yield bytes
}

async function* readExactly(reader: SocketReader, length: number): AsyncGenerator<Buffer> {
  for (let left = length; left > 0;) {
    const bytes = await reader.read()
    if (!bytes) throw endedEarly()
    if (bytes.length > left) reader.unread(bytes.subarray(left))
    const taken = bytes.subarray(0, left)
    left -= taken.length
    yield taken
  }
}

const MAX_SIZE_LINE_BYTES = 1024

async function* readChunks(reader: SocketReader): AsyncGenerator<Buffer> {
  for (let first = true; ; first = false) {
    const line = await reader.readLine(MAX_SIZE_LINE_BYTES)
    const digits = /^[ \t]*([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line?.toString('latin1').trimEnd() ?? '')
    if (!digits && first && line) {
      // Some servers declare chunks and send none.
      reader.unread(line)
      return yield* readToEnd(reader)
    }
    if (!digits) throw endedEarly()
    const size = Number.parseInt(digits[1] as string, 16)
    if (size === 0) return await skipTrailers(reader)
    yield* readExactly(reader, size)
    await reader.readLine(MAX_SIZE_LINE_BYTES)
  }
}

async function skipTrailers(reader: SocketReader): Promise<void> {
  for (let lines = 0; lines < 64; lines++) {
    const line = await reader.readLine(MAX_SIZE_LINE_BYTES)
    if (!line || line.toString('latin1').trim() === '') return
  }
}

function endedEarly(): Error {
  return new Error('the connection was closed before all had come')
}
