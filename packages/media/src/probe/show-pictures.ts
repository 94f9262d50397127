import { SourceError } from '@zcast/shared'
import { localInput, LOCAL_INPUT_OPTIONS } from '../ffmpeg/allowed-inputs.ts'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import type { VideoInfo } from './probe-video.ts'
import { readShowinfo, type ShownPicture } from './read-showinfo.ts'
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts'
import type { WayIn } from './ways-in.ts'

/** Reading through all of a long file may take long; the caller can abort it. */
const LONGEST_MS = 15 * 60_000

/** Options of {@link showPictures}. */
export interface ShowOptions {
  readonly way: WayIn
  /** The largest number of pictures. */
  readonly pictures: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Decodes some pictures of a file and describes them; their times are those in the file. Empty when nothing could be
 * decoded.
 *
 * @throws {@link SourceError} `ERR_SOURCE_FAILED` after 15 minutes; the signal's reason when it aborts.
 */
export async function showPictures(
  video: Pick<VideoInfo, 'path' | 'stream'>,
  { way, pictures, signal }: ShowOptions,
): Promise<ShownPicture[]> {
  const ffmpeg = await findFfmpeg()
  const input = [...LOCAL_INPUT_OPTIONS, ...way.inputOptions, '-i', localInput(video.path)]
  const chain = [...way.filters, 'settb=1/10000', 'showinfo'].join(',')
  const output = ['-map', `0:${video.stream}`, ...ffmpeg.passthroughOptions, '-vf', chain]
  const end = ['-frames:v', String(pictures), '-f', 'null', '-']
  const { code, stderr } = await runFfmpeg(
    ffmpeg.path,
    ['-hide_banner', '-nostdin', '-nostats', ...input, ...output, ...end],
    { signal, longestMs: LONGEST_MS },
  )
  if (code === null) {
    throw new SourceError(
      'ERR_SOURCE_FAILED',
      `"${video.path}" takes too long to read: copy it to a faster disk`,
    )
  }
  return readShowinfo(stderr)
}
