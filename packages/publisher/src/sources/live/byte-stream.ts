import { capture, JpegSplitter, type CapturedPicture } from '@zcast/shared/media'

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
  readonly signal: AbortSignal
}

const SNIFFED_BYTES = 8

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
  const { name, paced = false, fps, width, signal } = options
  const iterator = bytes[Symbol.asyncIterator]()
  try {
    const first = await readFirst(iterator)
    const state: { failure?: { error: unknown } } = {}
    const all = chain(first, iterator, state)
    if (looksLikePictures(first)) yield* splitPictures(all)
    else if (first.length > 0) {
      const inputOptions = ['-protocol_whitelist', 'pipe', ...(paced ? ['-re'] : [])]
      const input = { input: 'pipe:0', inputOptions, name, feed: all, width, framesPerSecond: fps }
      yield* capture(input, signal)
    }
    if (state.failure) throw state.failure.error
  } finally {
    await iterator.return?.()
  }
}

async function* splitPictures(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CapturedPicture> {
  const splitter = new JpegSplitter()
  for await (const chunk of bytes) for (const jpeg of splitter.push(chunk)) yield { jpeg }
}

async function readFirst(iterator: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let first = Buffer.alloc(0)
  while (first.length < SNIFFED_BYTES) {
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
): AsyncGenerator<Uint8Array> {
  yield first
  try {
    for (;;) {
      const { done, value } = await iterator.next()
      if (done) return
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
