import type { CodecError, Envelope } from '@zcast/shared'
import { MAX_WAITING_BYTES, refuseWaiting } from './refuse-waiting.ts'
import type { TopicQueue } from './topic-handle.ts'

/** Options of {@link ForwardOutbox}. */
export interface ForwardOutboxOptions {
  readonly topic: string
  /** Sends one envelope; resolves when there is room for another. Called again only then. */
  readonly send: (envelope: Envelope) => Promise<void>
  /** Called for each envelope that is refused because too many are waiting. */
  readonly onOverflow: (error: CodecError) => void
}

/** While something is always waiting, the event loop turns this often. */
const LONGEST_RUN_MS = 10

/** Envelopes of one topic on their way to the socket, in order; each is sent as it is. */
export class ForwardOutbox implements TopicQueue<Envelope> {
  readonly #options: ForwardOutboxOptions
  /** Settles when everything taken so far has been sent. */
  #last: Promise<void> = Promise.resolve()
  #waitingBytes = 0
  #turnedAtMs = performance.now()

  constructor(options: ForwardOutboxOptions) {
    this.#options = options
  }

  /**
   * Takes an envelope. Resolves once it was sent.
   *
   * @throws {@link CodecError} `ERR_MEMORY_LIMIT` when too much is already waiting; the error that `send` threw for an
   *   earlier one.
   */
  add(envelope: Envelope): Promise<void> {
    const { byteLength } = envelope.block.data
    if (this.#waitingBytes + byteLength > MAX_WAITING_BYTES && this.#waitingBytes > 0)
      return refuseWaiting(this.#options)
    if (this.#waitingBytes === 0) this.#turnedAtMs = performance.now()
    this.#waitingBytes += byteLength
    const before = this.#last
    this.#last = this.#sendAfter(before, envelope, byteLength)
    // A caller that does not wait gets the error from the next call.
    this.#last.catch(() => undefined)
    return this.#last
  }

  /** Waits until everything taken has been sent. @throws The error that `send` threw. */
  async flush(): Promise<void> {
    await this.#last
  }

  async #sendAfter(before: Promise<void>, envelope: Envelope, byteLength: number): Promise<void> {
    await before
    await this.#options.send(envelope)
    this.#waitingBytes -= byteLength
    // Settled promises let no timer run.
    if (performance.now() - this.#turnedAtMs < LONGEST_RUN_MS) return
    await new Promise(setImmediate)
    this.#turnedAtMs = performance.now()
  }
}
