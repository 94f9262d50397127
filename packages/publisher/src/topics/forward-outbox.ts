import type { CodecError, Envelope } from '@zcast/shared'
import { envelopeBytes } from '@zcast/shared/internal'
import { MAX_WAITING_BYTES, refuseWaiting } from './refuse-waiting.ts'
import type { TopicQueue } from './topic-handle.ts'

/** Options of {@link ForwardOutbox}. */
export interface ForwardOutboxOptions {
  readonly topic: string
  /** Sends envelopes of one epoch, in order; resolves when there is room for others. Called again only then. */
  readonly send: (envelopes: readonly Envelope[]) => Promise<void>
  /** Called for each envelope that is refused because too many are waiting. */
  readonly onOverflow: (error: CodecError) => void
}

/** While something is always waiting, the event loop turns this often. */
const LONGEST_RUN_MS = 10

/**
 * As many are encoded, and then sent one right after the other: while it sends, ZeroMQ's thread need not be woken for
 * each.
 */
const AT_ONCE = 128

/**
 * Envelopes of one topic on their way to the socket, in order; each is sent as it is. What comes in one turn of the
 * event loop is sent together, before the loop polls its sockets again.
 */
export class ForwardOutbox implements TopicQueue<Envelope> {
  readonly #options: ForwardOutboxOptions
  /** What comes while others are being sent. */
  #waiting: Envelope[] = []
  #waitingBytes = 0
  /** Settles when what is waiting has been sent, too. */
  #next: Promise<void> | undefined
  /** Settles when everything taken so far has been sent. */
  #last: Promise<void> = Promise.resolve()
  #turnedAtMs = performance.now()

  constructor(options: ForwardOutboxOptions) {
    this.#options = options
  }

  /**
   * Takes an envelope. Resolves once it was sent, with those that came together with it.
   *
   * @throws {@link CodecError} `ERR_MEMORY_LIMIT` when too much is already waiting; the error that `send` threw for an
   *   earlier one.
   */
  add(envelope: Envelope): Promise<void> {
    const bytes = envelopeBytes(envelope)
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES && this.#waitingBytes > 0)
      return refuseWaiting(this.#options)
    if (this.#waitingBytes === 0) this.#turnedAtMs = performance.now()
    this.#waitingBytes += bytes
    this.#waiting.push(envelope)
    return (this.#next ??= this.#begin())
  }

  /** Waits until everything taken has been sent. @throws The error that `send` threw. */
  async flush(): Promise<void> {
    await this.#last
  }

  #begin(): Promise<void> {
    this.#last = this.#sendAfter(this.#last)
    // A caller that does not wait gets the error from the next call.
    this.#last.catch(() => undefined)
    return this.#last
  }

  async #sendAfter(before: Promise<void>): Promise<void> {
    await before
    // After all promises, so that what is there already is sent together, but before sockets are polled.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    const taken = this.#waiting
    this.#waiting = []
    this.#next = undefined
    for (let first = 0; first < taken.length;) {
      const end = endOfGroup(taken, first)
      const group = first === 0 && end === taken.length ? taken : taken.slice(first, end)
      await this.#options.send(group)
      for (const envelope of group) this.#waitingBytes -= envelopeBytes(envelope)
      first = end
      await this.#turn()
    }
  }

  /** Settled promises let no timer run. */
  async #turn(): Promise<void> {
    if (performance.now() - this.#turnedAtMs < LONGEST_RUN_MS) return
    await new Promise(setImmediate)
    this.#turnedAtMs = performance.now()
  }
}

/** The end of those from `first` on that are sent together: of one epoch. */
function endOfGroup(envelopes: readonly Envelope[], first: number): number {
  const most = Math.min(first + AT_ONCE, envelopes.length)
  let end = first + 1
  while (end < most && envelopes[end]?.epoch === envelopes[first]?.epoch) end += 1
  return end
}
