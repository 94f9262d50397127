import { readJpegOutline } from '@zcast/shared/internal'
import { localInput, LOCAL_INPUT_OPTIONS } from '../ffmpeg/allowed-inputs.ts'
import { openMjpegStream } from './mjpeg-stream.ts'
import type { VideoInfo } from '../probe/probe-video.ts'

const EOI = Buffer.from([0xff, 0xd9])

/**
 * Decides whether, and how, the pictures of a video file can be sent without being decoded.
 *
 * @returns The way to copy them; `undefined` when they are not JPEG, or would be shown wrongly: rotated, stretched, of
 *   limited range, or two fields in one.
 * @throws {@link SourceError} when the file cannot be read (any more); the signal's reason when it aborts.
 */
export async function copiesAsJpeg(
  video: VideoInfo,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<'as-is' | 'with-tables' | undefined> {
  const shownAsStored = video.rotation === 0 && video.width === video.decodedWidth && video.range !== 'tv'
  if (video.codec !== 'mjpeg' || !shownAsStored) return undefined
  const stream = await openMjpegStream({
    input: localInput(video.path),
    name: video.path,
    stream: video.stream,
    inputOptions: LOCAL_INPUT_OPTIONS,
    outputOptions: ['-frames:v', '1'],
    copy: 'as-is',
    signal: options.signal,
  })
  for await (const { jpeg: padded } of stream.pictures()) {
    if (!padded) return 'as-is'
    const picture = trimJpegPadding(padded)
    const outline = readJpegOutline(picture)
    // Interlaced files hold two pictures of half the height in one frame.
    if (outline?.width !== video.width || outline.height !== video.height) return undefined
    return outline.hasHuffmanTables ? 'as-is' : 'with-tables'
  }
  options.signal?.throwIfAborted()
  return undefined
}

/**
 * Cuts off what a container added after the end of a picture (AVI pads to even lengths). Returns a view of the same
 * bytes.
 */
export function trimJpegPadding(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  if (bytes[length - 2] === 0xff && bytes[length - 1] === 0xd9) return bytes
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, length).lastIndexOf(EOI)
  return end === -1 ? bytes : bytes.subarray(0, end + 2)
}
