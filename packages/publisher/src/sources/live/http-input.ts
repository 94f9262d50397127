import { CodecError, SourceError } from '@zcast/shared'
import { hideSecrets, pause } from '@zcast/shared/internal'
import { decodePicture, type CapturedPicture } from '@zcast/media'
import { readByteStream, type ByteStreamOptions } from './byte-stream.ts'
import { declaredContent, describeText, type DeclaredContent } from './http/declared-content.ts'
import { contentLength } from './http/http-body.ts'
import { HttpClient } from './http/http-client.ts'
import { peerOf, type HttpAnswer } from './http/http-connection.ts'
import { withIndexFirst } from './http/index-first.ts'
import { describeNetworkFailure } from './http/network-failure.ts'
import { TrustedCertificates } from './http/trusted-certificates.ts'
import type { LiveEvents, LiveInput } from './live-input.ts'
import { PeekedBytes } from './peeked-bytes.ts'
import { readPlaylist } from './playlist.ts'
import type { StreamWishes } from './rtsp-input.ts'

/** Options of an {@link HttpInput}. */
export interface HttpOptions extends StreamWishes {
  /** Certificates that are trusted in addition to the system's. Default: none. */
  readonly trusted?: TrustedCertificates | undefined
  /** The longest wait for a byte, in milliseconds. Default 15,000. */
  readonly silenceMs?: number | undefined
}

const SILENCE_MS = 15_000
const DEFAULT_POLL_RATE = 1
const FIRST_BYTES = 512
// A part's headers and the start of its picture come together; a live stream may come in small pieces.
const FIRST_BYTES_MS = 200
const MAX_STILL_BYTES = 16 * 1024 * 1024

/**
 * A stream over http or https: parts with JPEG pictures, an address that returns one picture, which is requested
 * repeatedly, or a container. It is fetched here and not by ffmpeg: the secrets in its URL then appear in no process
 * list, certificates are checked, and pictures of an MJPEG camera are passed on unchanged. Only HLS playlists are left
 * to ffmpeg.
 */
export class HttpInput implements LiveInput {
  readonly name: string
  readonly #url: URL
  readonly #options: HttpOptions
  readonly #silenceMs: number

  constructor(url: URL, options: HttpOptions = {}) {
    this.name = hideSecrets(url.href)
    this.#url = url
    this.#options = options
    this.#silenceMs = options.silenceMs ?? SILENCE_MS
  }

  async *open(signal: AbortSignal, events?: LiveEvents): AsyncGenerator<CapturedPicture> {
    if (signal.aborted) return
    const { fps = DEFAULT_POLL_RATE } = this.#options
    const client = this.#client(signal)
    try {
      for (let keeps = false; ;) {
        const startedMs = performance.now()
        const answer = await client.get({ Connection: keeps ? 'keep-alive' : 'close' })
        const count = { pictures: 0 }
        const counted = {
          badPicture: (reason: string) => (count.pictures++, events?.badPicture(reason)),
          sound: events?.sound,
        }
        const content = yield* this.#read(answer, count, signal, counted)
        if (count.pictures === 0) throw this.#failed('gave no picture')
        // One picture, and then the end: the next one has to be requested.
        if (count.pictures > 1 || (content !== 'jpeg' && content !== 'still')) return
        keeps = answer.hasEnd
        await pause(Math.max(0, startedMs + 1000 / fps - performance.now()), signal)
        if (signal.aborted) return
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof SourceError) throw error
      throw this.#failed(`broke off: ${describeNetworkFailure(error, peerOf(this.#url))}`, error)
    } finally {
      client.close()
    }
  }

  async *#read(
    answer: HttpAnswer,
    count: { pictures: number },
    signal: AbortSignal,
    events: LiveEvents,
  ): AsyncGenerator<CapturedPicture, DeclaredContent> {
    const peeked = new PeekedBytes(answer.body)
    try {
      await peeked.peek(1)
      const first = await peeked.peek(FIRST_BYTES, FIRST_BYTES_MS)
      peeked.throwFailure()
      const content = declaredContent(this.#url, answer.head, first)
      for await (const picture of this.#pictures(content, answer, peeked, { signal, events })) {
        count.pictures++
        yield picture
      }
      return content
    } finally {
      peeked.close()
    }
  }

  async *#pictures(
    content: DeclaredContent,
    { head }: HttpAnswer,
    peeked: PeekedBytes,
    run: { readonly signal: AbortSignal; readonly events: LiveEvents },
  ): AsyncGenerator<CapturedPicture> {
    const { name } = this
    const { fps, width, log } = this.#options
    if (content === 'text') throw this.#failed(describeText(head, await peeked.peek(4096, FIRST_BYTES_MS)))
    if (content === 'still') run.events.sound?.missing('it gives single pictures')
    if (content === 'still') yield await this.#readStill(peeked)
    else if (content === 'playlist') {
      peeked.close()
      yield* readPlaylist(this.#url, {
        name,
        fps,
        width,
        log,
        silenceMs: this.#silenceMs,
        sound: run.events.sound,
        signal: run.signal,
      })
    } else {
      // A stored or finite answer is a file; it comes faster than it plays.
      const isFile =
        contentLength(head) !== undefined || ['accept-ranges', 'etag'].some((key) => head.headers.has(key))
      const options = { name, paced: isFile || ('detect' as const), fps, width, log, ...run }
      if (content === 'jpeg') yield* this.#readJpeg(peeked, options)
      else yield* this.#readContainer(peeked, options)
    }
  }

  async *#readJpeg(peeked: PeekedBytes, options: ByteStreamOptions): AsyncGenerator<CapturedPicture> {
    try {
      yield* readByteStream(peeked, { ...options, format: 'jpeg' })
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      const type = /content-type:[ \t]*([\w.+/-]{1,60})/i.exec((await peeked.peek(1)).toString('latin1'))?.[1]
      const parts = type === undefined || /^image\/jpe?g$/i.test(type) ? '' : `, but ${type}`
      throw this.#failed(
        `holds no JPEG pictures${parts}: give its address for MJPEG, a snapshot or RTSP`,
        error,
      )
    }
  }

  async *#readContainer(peeked: PeekedBytes, options: ByteStreamOptions): AsyncGenerator<CapturedPicture> {
    const client = this.#client(options.signal)
    try {
      const indexed = await withIndexFirst(peeked, client)
      yield* readByteStream(indexed ? new PeekedBytes(indexed) : peeked, options)
      peeked.throwFailure()
    } catch (error) {
      peeked.throwFailure()
      throw error
    } finally {
      client.close()
    }
  }

  #client(signal: AbortSignal): HttpClient {
    const { trusted = new TrustedCertificates() } = this.#options
    return new HttpClient(this.#url, { silenceMs: this.#silenceMs, trusted, signal })
  }

  async #readStill(peeked: PeekedBytes): Promise<CapturedPicture> {
    const bytes = await peeked.peek(MAX_STILL_BYTES)
    peeked.throwFailure()
    if (bytes.length >= MAX_STILL_BYTES) throw this.#failed('gave a picture of more than 16 MiB')
    return decodePicture(bytes, this.#options.width)
  }

  #failed(what: string, cause?: unknown): SourceError {
    return new SourceError('ERR_SOURCE_FAILED', `"${this.name}" ${what}`, { cause })
  }
}
