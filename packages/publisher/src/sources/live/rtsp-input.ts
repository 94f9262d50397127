import { type Log, SourceError } from '@zcast/shared'
import { errorMessage, hideSecrets } from '@zcast/shared/internal'
import { capture, findFfmpeg, LISTED_RTSP_INPUT, type CapturedPicture } from '@zcast/media'
import type { LiveEvents, LiveInput } from './live-input.ts'
import { describeRtspFailure } from './rtsp-failure.ts'
import { withAddress } from './source-url.ts'
import { listForFfmpeg, takesListOptions } from './list-for-ffmpeg.ts'
import { watchSilence } from './watch-silence.ts'

/** The conversion of a network stream. */
export interface StreamWishes {
  /** Pictures per second. Default: as they come. */
  readonly fps?: number | undefined
  /** Pixels; the height follows. Default: as they come. */
  readonly width?: number | undefined
  /** Receives the warning that colours come out wrong. Default: no warning. */
  readonly log?: Log | undefined
}

const SILENCE_MS = 15_000
const OPTIONS = { rtsp_transport: 'tcp' }

/**
 * An RTSP camera, over TCP. Its URL is given to ffmpeg on its standard input, so that it appears in no process list.
 */
export class RtspInput implements LiveInput {
  readonly name: string
  readonly #url: URL
  readonly #wishes: StreamWishes

  constructor(url: URL, wishes: StreamWishes = {}) {
    this.name = hideSecrets(url.href)
    this.#url = url
    this.#wishes = wishes
  }

  async *open(signal: AbortSignal, events?: LiveEvents): AsyncGenerator<CapturedPicture> {
    const { name } = this
    const ffmpeg = await findFfmpeg()
    // Reports an unknown name in words, which ffmpeg does not do; and the static build crashes on names.
    const located = await withAddress(this.#url)
    const url = ffmpeg.bundled ? located : this.#url
    const { fps, width, log } = this.#wishes
    const feed = listForFfmpeg(takesListOptions(ffmpeg) ? url : overTcp(url), ffmpeg, OPTIONS)
    const options = {
      ...LISTED_RTSP_INPUT,
      feed,
      name,
      width,
      framesPerSecond: fps,
      log,
      sound: events?.sound,
    }
    try {
      yield* watchSilence((stop) => capture(options, stop), { name, silenceMs: SILENCE_MS, signal })
    } catch (error) {
      const reason = describeRtspFailure(errorMessage(error), this.#url)
      if (reason === undefined) throw error
      throw new SourceError('ERR_SOURCE_FAILED', `cannot open "${name}": ${reason}`, { cause: error })
    }
  }
}

/** For an ffmpeg that accepts no options in a list: it reads this option from the URL. */
function overTcp(url: URL): URL {
  const told = new URL(url)
  told.search += told.search === '' ? '?tcp' : '&tcp'
  return told
}
