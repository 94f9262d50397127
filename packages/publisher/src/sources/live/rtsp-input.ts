import type { Log } from '@zcast/shared'
import {
  capture,
  findFfmpeg,
  LISTED_RTSP_INPUT,
  RTSP_INPUT_OPTIONS,
  type CapturedPicture,
  type CaptureOptions,
  type Ffmpeg,
} from '@zcast/shared/media'
import type { LiveInput } from './live-input.ts'
import { hideCredentials, withAddress } from './source-url.ts'
import { watchSilence } from './watch-silence.ts'

/** How a stream of the network is converted. */
export interface StreamWishes {
  /** Pictures a second. Default: as they come. */
  readonly fps?: number | undefined
  /** Pixels; the height follows. Default: as they come. */
  readonly width?: number | undefined
  /** Where it is said that colours come out wrong. Default: nowhere. */
  readonly log?: Log | undefined
}

const SILENCE_MS = 15_000

/**
 * An RTSP camera, over TCP. A URL with a password is told to ffmpeg on its standard input, as a playlist of one entry, so
 * that it shows in no list of processes; an ffmpeg before 6 then asks for UDP first, and for TCP where that is refused.
 */
export class RtspInput implements LiveInput {
  readonly name: string
  readonly #url: URL
  readonly #wishes: StreamWishes

  constructor(url: URL, wishes: StreamWishes = {}) {
    this.name = hideCredentials(url.href)
    this.#url = url
    this.#wishes = wishes
  }

  async *open(signal: AbortSignal): AsyncGenerator<CapturedPicture> {
    const ffmpeg = await findFfmpeg()
    // The static build crashes on names.
    const url = ffmpeg.bundled ? await withAddress(this.#url) : this.#url
    const secret = url.username !== '' || url.password !== ''
    const options = {
      ...(secret ? playlist(url, ffmpeg) : { input: url.href, inputOptions: TRANSPORT }),
      name: this.name,
      width: this.#wishes.width,
      framesPerSecond: this.#wishes.fps,
      log: this.#wishes.log,
    }
    yield* watchSilence((stop) => capture(options, stop), { name: this.name, silenceMs: SILENCE_MS, signal })
  }
}

const TRANSPORT = [...RTSP_INPUT_OPTIONS, '-rtsp_transport', 'tcp']

function playlist(url: URL, ffmpeg: Ffmpeg): Pick<CaptureOptions, 'input' | 'inputOptions' | 'feed'> {
  const transport = ffmpeg.passthroughOptions[0] === '-fps_mode' ? 'option rtsp_transport tcp\n' : ''
  return {
    ...LISTED_RTSP_INPUT,
    feed: `ffconcat version 1.0\nfile '${url.href.replaceAll("'", '%27')}'\n${transport}`,
  }
}
