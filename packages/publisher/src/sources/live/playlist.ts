import { isIP } from 'node:net'
import { SourceError } from '@zcast/shared'
import { capture, findFfmpeg, type CapturedPicture } from '@zcast/shared/media'
import type { StreamWishes } from './rtsp-input.ts'
import { toldOnStandardInput } from './told-on-standard-input.ts'
import { watchSilence } from './watch-silence.ts'

// What a playlist names may come from the network, never from this machine's files; so its names need not end as ffmpeg
// wants them to.
const TOLD = {
  protocols: 'http,https,tcp,tls,crypto',
  formats: 'hls,mpegts,mov,mp4,m4a,3gp,3g2,mj2,aac,mp3,ac3,eac3,webvtt',
  options: { extension_picky: '0', allowed_segment_extensions: 'ALL' },
}

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
  const told = toldOnStandardInput(url, ffmpeg, TOLD)
  // Segments come in bursts of seconds; they are shown in their own pace.
  const inputOptions = [...told.inputOptions, '-re']
  const input = { ...told, inputOptions, name, width, framesPerSecond: fps, log }
  yield* watchSilence((stop) => capture(input, stop), { name, silenceMs, signal })
}
