import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { errorMessage, SourceError } from '@zcast/shared'
import { capture, findFfmpeg, PLAYLIST_INPUT_OPTIONS, type CapturedPicture } from '@zcast/shared/media'
import { readByteStream } from './byte-stream.ts'
import { openHttpBody } from './http-body.ts'
import type { LiveInput } from './live-input.ts'
import type { StreamWishes } from './rtsp-input.ts'
import { hideCredentials } from './source-url.ts'
import { watchSilence } from './watch-silence.ts'

const SILENCE_MS = 15_000

/**
 * A stream over http or https. It is fetched here rather than by ffmpeg: the credentials in its URL are then in no list
 * of processes, names and certificates are the system's, and pictures of an MJPEG camera pass untouched. Only an HLS
 * playlist is left to ffmpeg.
 */
export class HttpInput implements LiveInput {
  readonly name: string
  readonly #url: URL
  readonly #wishes: StreamWishes
  readonly #silenceMs: number

  /** @param silenceMs - The longest wait for a byte. */
  constructor(url: URL, wishes: StreamWishes = {}, silenceMs = SILENCE_MS) {
    this.name = hideCredentials(url.href)
    this.#url = url
    this.#wishes = wishes
    this.#silenceMs = silenceMs
  }

  async *open(signal: AbortSignal): AsyncGenerator<CapturedPicture> {
    if (signal.aborted) return
    const { name } = this
    try {
      const body = await openHttpBody(this.#url, { silenceMs: this.#silenceMs, signal })
      if (isPlaylist(this.#url, body)) {
        body.destroy()
        yield* watchSilence((stop) => this.#openPlaylist(stop), { name, silenceMs: this.#silenceMs, signal })
        return
      }
      try {
        // A length is that of a file, which comes faster than it plays.
        const paced = body.headers['content-length'] !== undefined
        yield* readByteStream(body, { name, paced, signal, ...this.#wishes })
      } finally {
        body.destroy()
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof SourceError) throw error
      throw new SourceError('ERR_SOURCE_FAILED', `"${name}" broke off: ${errorMessage(error)}`, {
        cause: error,
      })
    }
  }

  async *#openPlaylist(signal: AbortSignal): AsyncGenerator<CapturedPicture> {
    const { name } = this
    const { bundled } = await findFfmpeg()
    const reason =
      bundled && isIP(this.#url.hostname.replace(/^\[|\]$/g, '')) === 0
        ? 'the ffmpeg that npm installed cannot look up names; install ffmpeg so that it is in PATH'
        : this.#url.username !== '' || this.#url.password !== ''
          ? 'one with a password would show it to everybody on this machine; use its MJPEG or RTSP address'
          : undefined
    if (reason)
      throw new SourceError('ERR_SOURCE_FAILED', `cannot play the HLS playlist "${name}": ${reason}`)
    const inputOptions = PLAYLIST_INPUT_OPTIONS
    const { width, fps, log } = this.#wishes
    yield* capture({ input: this.#url.href, name, inputOptions, width, framesPerSecond: fps, log }, signal)
  }
}

function isPlaylist(url: URL, { headers }: IncomingMessage): boolean {
  return /mpegurl/i.test(headers['content-type'] ?? '') || url.pathname.endsWith('.m3u8')
}
