import { isIP } from 'node:net'
import { SourceError } from '@zcast/shared'
import { capture, findFfmpeg, LISTED_PLAYLIST_INPUT, type CapturedPicture } from '@zcast/media'
import { listForFfmpeg } from './list-for-ffmpeg.ts'
import type { StreamWishes } from './rtsp-input.ts'
import { watchSilence } from './watch-silence.ts'

// Names of segments need not end as ffmpeg wants them to: what may come is limited by formats and protocols.
const OPTIONS = { extension_picky: '0', allowed_segment_extensions: 'ALL' }

/** How {@link readPlaylist} plays. */
export interface PlaylistOptions extends StreamWishes {
  /** How errors name it; without secrets. */
  readonly name: string
  /** The longest wait for a picture, in milliseconds. */
  readonly silenceMs: number
  readonly signal: AbortSignal
}

/**
 * Plays an HLS playlist with ffmpeg.
 *
 * @throws {@link SourceError} when it cannot be played.
 */
export async function* readPlaylist(url: URL, options: PlaylistOptions): AsyncGenerator<CapturedPicture> {
  const { name, fps, width, log, silenceMs, signal } = options
  const ffmpeg = await findFfmpeg()
  if (ffmpeg.bundled && isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0) {
    throw new SourceError(
      'ERR_SOURCE_FAILED',
      `cannot play the HLS playlist "${name}": the ffmpeg that npm installed cannot look up names; install ffmpeg so that it is in PATH`,
    )
  }
  const { input, inputOptions } = LISTED_PLAYLIST_INPUT
  // Segments come in bursts of seconds; they are shown in their own pace.
  const list = {
    input,
    inputOptions: [...inputOptions, '-re'],
    feed: listForFfmpeg(url, ffmpeg, OPTIONS),
    name,
  }
  yield* watchSilence((stop) => capture({ ...list, width, framesPerSecond: fps, log }, stop), {
    name,
    silenceMs,
    signal,
  })
}
