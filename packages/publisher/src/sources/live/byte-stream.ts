import { SourceError, type Log } from '@zcast/shared'
import {
  capture,
  JpegSplitter,
  KEPT_STREAM_INPUT,
  STREAM_INPUT,
  type CapturedPicture,
} from '@zcast/shared/media'
import { isAnimatedPng } from './animated-png.ts'

/** How {@link readByteStream} takes bytes for pictures. */
export interface ByteStreamOptions {
  /** How errors name the stream. */
  readonly name: string
  /** Whether a container is played in its own pace, as one that comes faster must be. Default false. */
  readonly paced?: boolean | undefined
  /** Pictures a second; for a container. Default: as they come. */
  readonly fps?: number | undefined
  /** Pixels; for a container. Default: as they come. */
  readonly width?: number | undefined
  /** Where it is said that colours come out wrong. Default: nowhere. */
  readonly log?: Log | undefined
  readonly signal: AbortSignal
}

/** What ffmpeg keeps in a temporary file to go back in. */
const MAX_ANIMATED_BYTES = 64 * 1024 * 1024

/**
 * The pictures in a stream of bytes: JPEG one after the other, multipart (mpjpeg), or any container, which is told by
 * its first bytes and decoded by ffmpeg, from its standard input and nothing else.
 *
 * @throws {@link CodecError} `ERR_FRAME` when JPEG pictures turn into something else; {@link SourceError} when the
 *   container cannot be read, and whatever `bytes` throws.
 */
export async function* readByteStream(
  bytes: AsyncIterable<Uint8Array>,
  options: ByteStreamOptions,
): AsyncGenerator<CapturedPicture> {
  const { name, paced = false, fps, width, log, signal } = options
  const iterator = bytes[Symbol.asyncIterator]()
  try {
    const first = await readFirst(iterator)
    const state: { failure?: { error: unknown } } = {}
    const isAnimated = isAnimatedPng(first) ?? false
    const all = chain(first, iterator, state, isAnimated ? MAX_ANIMATED_BYTES : Infinity)
    if (looksLikePictures(first)) yield* splitPictures(all)
    else if (first.length > 0) {
      const { input, inputOptions } = isAnimated ? KEPT_STREAM_INPUT : STREAM_INPUT
      const pace = paced ? ['-re'] : []
      const stream = { input, inputOptions: [...inputOptions, ...pace], name, feed: all }
      yield* capture({ ...stream, width, framesPerSecond: fps, log }, signal)
    }
    if (state.failure) throw state.failure.error
  } finally {
    // Not waited for: that takes until more bytes come, where some are being waited for.
    void Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}

async function* splitPictures(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CapturedPicture> {
  const splitter = new JpegSplitter()
  for await (const chunk of bytes) for (const jpeg of splitter.push(chunk)) yield { jpeg }
}

async function readFirst(iterator: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let first = Buffer.alloc(0)
  while (isAnimatedPng(first) === undefined) {
    const { done, value } = await iterator.next()
    if (done) break
    first = Buffer.concat([first, value])
  }
  return first
}

/** A failure is kept for after what ffmpeg still made of the bytes before it. */
async function* chain(
  first: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
  state: { failure?: { error: unknown } },
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  yield first
  try {
    for (let bytes = first.length; ;) {
      const { done, value } = await iterator.next()
      if (done) return
      bytes += value.length
      if (bytes > maxBytes) {
        throw new SourceError('ERR_SOURCE_FAILED', 'an animated PNG of over 64 MiB is read as a file only')
      }
      yield value
    }
  } catch (error) {
    state.failure = { error }
  }
}

/** SOI, or the boundary of a multipart stream, which a line end may precede. */
function looksLikePictures(first: Buffer): boolean {
  return (first[0] === 0xff && first[1] === 0xd8) || /^\r?\n?--/.test(first.toString('latin1'))
}
