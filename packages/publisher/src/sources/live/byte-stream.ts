import { type Log, SourceError } from '@zcast/shared'
import { capture, JpegSplitter, KEPT_STREAM_INPUT, STREAM_INPUT, type CapturedPicture } from '@zcast/media'
import { isAnimatedPng } from './animated-png.ts'
import { isWhole, mendCutOff } from './cut-off-picture.ts'
import type { LiveEvents } from './live-input.ts'
import type { PeekedBytes } from './peeked-bytes.ts'

/** The way in which {@link readByteStream} reads pictures from bytes. */
export interface ByteStreamOptions {
  /** The stream's name in errors. */
  readonly name: string
  /** `jpeg` when it is known to hold JPEG pictures. Default: detected from the first bytes. */
  readonly format?: 'jpeg' | undefined
  /**
   * True when a container is played at its own pace, which is necessary when it comes faster; `detect` finds out
   * whether it does. Default false.
   */
  readonly paced?: boolean | 'detect' | undefined
  /** Pictures per second; for a container. Default: as they come. */
  readonly fps?: number | undefined
  /** Pixels; for a container. Default: as they come. */
  readonly width?: number | undefined
  readonly events?: LiveEvents | undefined
  /** Receives the warning that colours come out wrong. Default: no warning. */
  readonly log?: Log | undefined
  readonly signal: AbortSignal
}

const SNIFFED_BYTES = 8
/** The limit of the temporary file in which ffmpeg keeps bytes to read again. */
const MAX_ANIMATED_BYTES = 64 * 1024 * 1024
// 56 Mbit/s: more than a camera sends, less than a local network carries.
const BURST_BYTES = 2 * 1024 * 1024
const BURST_MS = 300

/**
 * Yields the pictures in a stream of bytes: JPEG pictures one after another, multipart (mpjpeg), or any container,
 * which is recognised by its first bytes and decoded by ffmpeg, from its standard input and nothing else.
 *
 * @param bytes - Closed by the caller.
 * @throws {@link CodecError} `ERR_FRAME` when JPEG pictures turn into something else; {@link SourceError} when the
 *   container cannot be read, and any error of `bytes`.
 */
export async function* readByteStream(
  bytes: PeekedBytes,
  options: ByteStreamOptions,
): AsyncGenerator<CapturedPicture> {
  const first = await bytes.peek(SNIFFED_BYTES)
  if (options.format === 'jpeg' || looksLikePictures(first)) {
    options.events?.sound?.missing('it sends single pictures')
    yield* splitPictures(bytes, options.events)
  } else if (first.length > 0) yield* decode(bytes, options)
  bytes.throwFailure()
}

async function* decode(bytes: PeekedBytes, options: ByteStreamOptions): AsyncGenerator<CapturedPicture> {
  const { name, fps, width, log, signal } = options
  const isAnimated = await beginsAnimatedPng(bytes)
  const paced = options.paced === 'detect' ? await comesFasterThanItPlays(bytes) : options.paced
  const { input, inputOptions } = isAnimated ? KEPT_STREAM_INPUT : STREAM_INPUT
  const limit = { bytes: isAnimated ? MAX_ANIMATED_BYTES : Infinity, isReached: false }
  const feed = upTo(limit, bytes.read())
  try {
    const stream = { input, inputOptions: [...inputOptions, ...(paced ? ['-re'] : [])], name, feed }
    yield* capture({ ...stream, width, framesPerSecond: fps, log, sound: options.events?.sound }, signal)
  } catch (error) {
    // The error that broke the stream is the reason, not ffmpeg's reaction to its end.
    bytes.throwFailure()
    throw error
  }
  if (limit.isReached)
    throw new SourceError('ERR_SOURCE_FAILED', 'an animated PNG of over 64 MiB is read as a file only')
}

async function beginsAnimatedPng(bytes: PeekedBytes): Promise<boolean> {
  let first = await bytes.peek(SNIFFED_BYTES)
  while (isAnimatedPng(first) === undefined && !bytes.ended) first = await bytes.peek(first.length + 1)
  return isAnimatedPng(first) ?? false
}

async function* upTo(
  limit: { readonly bytes: number; isReached: boolean },
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let count = 0
  for await (const chunk of bytes) {
    count += chunk.length
    limit.isReached = count > limit.bytes
    if (limit.isReached) return
    yield chunk
  }
}

/** True when bytes are the start of JPEG pictures, or of the parts that hold them. */
export function looksLikePictures(first: Buffer): boolean {
  if (first[0] === 0xff && first[1] === 0xd8) return true
  const text = first.toString('latin1', 0, 1024)
  return /^\s*(?:--|content-(?:type|length))/i.test(text) || /\ncontent-type:[ \t]*image\/jpe?g/i.test(text)
}

async function* splitPictures(
  bytes: PeekedBytes,
  events: LiveEvents | undefined,
): AsyncGenerator<CapturedPicture> {
  const splitter = new JpegSplitter()
  let damaged = 0
  const finish = async (picture: Uint8Array): Promise<Uint8Array | undefined> => {
    const jpeg = isWhole(picture) ? picture : await mendCutOff(picture)
    if (!jpeg) events?.badPicture('it is cut off')
    return jpeg
  }
  for await (const chunk of bytes.read()) {
    const pictures = splitter.push(chunk)
    for (; damaged < splitter.damaged; damaged++) events?.badPicture('it is damaged')
    for (const picture of pictures) {
      const jpeg = await finish(picture)
      if (jpeg) yield { jpeg }
    }
  }
  bytes.throwFailure()
  const last = splitter.unfinished()
  const jpeg = last && (await finish(last))
  if (jpeg) yield { jpeg }
}

/** A file comes as fast as the network carries it; a live stream comes in a burst at most, and then as it is made. */
async function comesFasterThanItPlays(bytes: PeekedBytes): Promise<boolean> {
  const begin = await bytes.peek(BURST_BYTES, BURST_MS)
  return bytes.ended || begin.length >= BURST_BYTES
}
