import type { Readable } from 'node:stream'
import { SourceError, Ticker } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import type { CapturedPicture } from '@zcast/media'
import { readByteStream } from './byte-stream.ts'
import type { LiveEvents, LiveInput } from './live-input.ts'
import { PeekedBytes } from './peeked-bytes.ts'
import { refuseIndexAtEnd } from './refuse-index-at-end.ts'
import type { StreamWishes } from './rtsp-input.ts'

/**
 * Pictures from standard input: MJPEG, mpjpeg, or any container that can be read without seeking. A container plays at
 * its own pace; JPEG pictures are sent as they come, or at a given rate. Nothing is read before somebody watches; from
 * then on it is read to its end.
 */
export class StdinInput implements LiveInput {
  readonly name = 'standard input'
  readonly once = true
  readonly #input: Readable
  readonly #wishes: StreamWishes

  constructor(input: Readable, wishes: StreamWishes = {}) {
    this.#input = input
    this.#wishes = wishes
  }

  async *open(signal: AbortSignal, events?: LiveEvents): AsyncGenerator<CapturedPicture> {
    // Input may never come again: only closing it ends the wait.
    const stop = (): unknown => this.#input.destroy()
    signal.addEventListener('abort', stop)
    const { fps } = this.#wishes
    const bytes = new PeekedBytes(refuseIndexAtEnd(this.#input))
    const ticker = fps === undefined ? undefined : new Ticker(fps)
    try {
      if (signal.aborted) return
      const options = { name: this.name, paced: true, events, signal, ...this.#wishes }
      for await (const picture of readByteStream(bytes, options)) {
        if (ticker && 'jpeg' in picture && (await ticker.next(signal)) === undefined) return
        yield picture
      }
    } catch (error) {
      if (signal.aborted) return
      const reason = errorMessage(error)
      // Some sentences already name it.
      const sentence = reason.includes(`"${this.name}"`)
        ? reason
        : `cannot read video from standard input: ${reason}`
      throw new SourceError('ERR_SOURCE_FAILED', sentence, { cause: error })
    } finally {
      signal.removeEventListener('abort', stop)
      this.#input.destroy()
      bytes.close()
    }
  }
}
