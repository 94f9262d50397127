import { isIP } from 'node:net'
import { SourceError } from '@zcast/shared'
import {
  capture,
  findFfmpeg,
  LISTED_PLAYLIST_INPUT,
  type CapturedPicture,
  type SoundReceiver,
} from '@zcast/media'
import { listForFfmpeg } from './list-for-ffmpeg.ts'
import type { StreamWishes } from './rtsp-input.ts'
import { watchSilence } from './watch-silence.ts'

// Names of segments need not have the extensions that ffmpeg expects: formats and protocols limit the input.
const OPTIONS = { extension_picky: '0', allowed_segment_extensions: 'ALL' }

/** Options of {@link readPlaylist}. */
export interface PlaylistOptions extends StreamWishes {
  /** Its name in errors; without secrets. */
  readonly name: string
  /** The longest wait for a picture, in milliseconds. */
  readonly silenceMs: number
  /** Takes the sound. Default: it is not read. */
  readonly sound?: SoundReceiver | undefined
  readonly signal: AbortSignal
}

/**
 * Plays an HLS playlist with ffmpeg.
 *
 * @throws {@link SourceError} when it cannot be played.
 */
export async function* readPlaylist(url: URL, options: PlaylistOptions): AsyncGenerator<CapturedPicture> {
  const { name, fps, width, log, silenceMs, sound, signal } = options
  const ffmpeg = await findFfmpeg()
  if (ffmpeg.bundled && isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0) {
    throw new SourceError(
      'ERR_SOURCE_FAILED',
      `cannot play the HLS playlist "${name}": the ffmpeg that npm installed cannot look up names; install ffmpeg so that it is in PATH`,
    )
  }
  const { input, inputOptions } = LISTED_PLAYLIST_INPUT
  // Segments come in bursts of seconds; they are shown at their own pace.
  const list = {
    input,
    inputOptions: [...inputOptions, '-re'],
    feed: listForFfmpeg(url, ffmpeg, OPTIONS),
    name,
  }
  yield* watchSilence((stop) => capture({ ...list, width, framesPerSecond: fps, log, sound }, stop), {
    name,
    silenceMs,
    signal,
  })
}
