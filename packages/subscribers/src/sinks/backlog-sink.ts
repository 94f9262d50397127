import { type Envelope, SinkError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import type { Sink, SinkContext } from './sink.ts'

/** Options of a {@link BacklogSink}. */
export interface BacklogSinkOptions {
  /** The memory limit for waiting pictures, in bytes; pictures beyond it are left out. Default 64 MiB. */
  readonly maxBytes?: number | undefined
  /** Called for each envelope that is left out because too many are already waiting. */
  readonly onLeftOut?: (() => void) | undefined
  /** Called once when the wrapped sink has failed; it receives nothing more. */
  readonly onFailure: (failure: SinkError) => void
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024
/** The time for finishing the backlog at the end; a process that was asked to end has 8 s for everything. */
const FINISH_WITHIN_MS = 4000

/**
 * Gives a sink that keeps everything, such as a recording, a bounded backlog, so that it neither misses a burst nor
 * holds back the sinks beside it. Its failure is reported and ends only this sink.
 */
export class BacklogSink implements Sink {
  readonly #sink: Sink
  readonly #options: BacklogSinkOptions
  readonly #waiting: Envelope[] = []
  #waitingBytes = 0
  #leftOut = 0
  #failed = false
  #working: Promise<void> | undefined

  constructor(sink: Sink, options: BacklogSinkOptions) {
    this.#sink = sink
    this.#options = options
  }

  /** The number of envelopes left out so far because too many were waiting, or because the end came first. */
  get leftOut(): number {
    return this.#leftOut
  }

  open(context: SinkContext): Promise<void> {
    return this.#sink.open(context)
  }

  write(envelope: Envelope): void {
    if (this.#failed) return
    const bytes = envelope.block.data.byteLength
    if (
      this.#waiting.length > 0 &&
      this.#waitingBytes + bytes > (this.#options.maxBytes ?? DEFAULT_MAX_BYTES)
    ) {
      this.#leftOut += 1
      this.#options.onLeftOut?.()
      return
    }
    this.#waiting.push(envelope)
    this.#waitingBytes += bytes
    this.#working ??= this.#work()
  }

  /** Writes the backlog, for at most 4 s. @throws The error of closing the wrapped sink. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, FINISH_WITHIN_MS)))
    await Promise.race([this.#working, tooLong])
    clearTimeout(timer)
    this.#leftOut += this.#waiting.splice(0).length
    await this.#sink.close()
  }

  async #work(): Promise<void> {
    try {
      for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
        await this.#sink.write(next)
        // It stays in the backlog until it is written, so that its bytes are counted.
        if (this.#waiting.shift()) this.#waitingBytes -= next.block.data.byteLength
      }
    } catch (error) {
      this.#failed = true
      this.#waiting.length = 0
      this.#options.onFailure(
        error instanceof SinkError ? error : new SinkError(errorMessage(error), { cause: error }),
      )
    } finally {
      this.#working = undefined
    }
  }
}
