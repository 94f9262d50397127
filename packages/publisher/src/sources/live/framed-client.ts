import type { Socket } from 'node:net'
import { SourceError } from '@zcast/shared'
import { mendJpeg, type CapturedPicture } from '@zcast/media'
import { FramedSplitter } from './framed-splitter.ts'
import type { LiveInput } from './live-input.ts'

/** The time limits for a client, in milliseconds. */
export interface FramedDeadlines {
  /** From the first read to the end of its first message. */
  readonly firstMs: number
  /** From the start of a later message to its end. */
  readonly messageMs: number
  /** From one message to the next. */
  readonly silenceMs: number
  /** After this, a client without a message gives way to a new one. */
  readonly graceMs: number
}

/** A client that pushes its video as length-prefixed protobuf; read once. */
export class FramedClient implements LiveInput {
  /** Its address and port. */
  readonly name: string
  readonly once = true
  readonly #socket: Socket
  readonly #deadlines: FramedDeadlines
  readonly #sinceMs = performance.now()
  #timer: NodeJS.Timeout | undefined
  #messages = 0

  /** @param socket - Must not be read by anybody else. */
  constructor(socket: Socket, deadlines: FramedDeadlines) {
    this.name = `${socket.remoteAddress ?? 'somebody'}:${socket.remotePort ?? 0}`
    this.#socket = socket
    this.#deadlines = deadlines
    // Errors are thrown where the socket is read.
    socket.on('error', () => {})
    socket.once('close', () => clearTimeout(this.#timer))
  }

  /** True when it has had time for a message and has sent none. */
  get mayGiveWay(): boolean {
    return this.#messages === 0 && performance.now() - this.#sinceMs >= this.#deadlines.graceMs
  }

  /** Calls a listener once the client is gone. */
  onClose(listener: () => void): void {
    this.#socket.once('close', listener)
  }

  /** Ends the connection. May be called twice. @param error - The reason. Default: it is no longer needed. */
  close(error?: Error): void {
    clearTimeout(this.#timer)
    this.#socket.destroy(error)
  }

  async *open(signal: AbortSignal): AsyncGenerator<CapturedPicture> {
    const stop = (): void => this.close()
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    const splitter = new FramedSplitter()
    const { firstMs } = this.#deadlines
    // The limit starts only here: a client that is not read, because nobody watches yet, cannot be late.
    this.#timer = this.#closeAfter(firstMs, `it has sent no whole picture within ${firstMs / 1000} s`)
    try {
      for await (const chunk of this.#socket) {
        const wasInside = splitter.truncated
        const images = splitter.push(chunk as Buffer)
        this.#messages += images.length
        this.#watch(splitter.truncated, images.length > 0, wasInside)
        for (const image of images) {
          const mended = mendJpeg(image)
          if (!mended || mended.endMissing)
            throw new SourceError('ERR_SOURCE_FAILED', 'it sent an image that is not a JPEG')
          yield { jpeg: mended.jpeg }
        }
      }
      if (splitter.truncated)
        throw new SourceError('ERR_SOURCE_FAILED', 'it disconnected in the middle of a message')
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      signal.removeEventListener('abort', stop)
      this.close()
    }
  }

  /** Sets the time by which the current message must end, or the next one must begin. */
  #watch(isInside: boolean, hasEnded: boolean, wasInside: boolean): void {
    // The limit of a message in progress is kept: bytes that trickle in do not extend it.
    if (this.#messages === 0 || (isInside && wasInside && !hasEnded)) return
    clearTimeout(this.#timer)
    const { messageMs, silenceMs } = this.#deadlines
    this.#timer = isInside
      ? this.#closeAfter(messageMs, `it took longer than ${messageMs / 1000} s to send a message`)
      : this.#closeAfter(silenceMs, `nothing came for ${silenceMs / 1000} s`)
  }

  #closeAfter(milliseconds: number, reason: string): NodeJS.Timeout {
    return setTimeout(() => this.#socket.destroy(new Error(reason)), milliseconds)
  }
}
