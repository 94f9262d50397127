import { CodecError, type Envelope } from '@zcast/shared'
import { envelopeBytes } from '@zcast/shared/internal'
import { MAX_WAITING_BYTES, refuseWaiting } from './refuse-waiting.ts'
import type { TopicQueue } from './topic-handle.ts'

/** Options of {@link ForwardOutbox}. */
export interface ForwardOutboxOptions {
  readonly topic: string
  /** True where what comes in one turn of the event loop is gathered first; false for pictures, of which each is big. */
  readonly isGathered: boolean
  /** Sends envelopes of one epoch, in order; resolves when there is room for others. Called again only then. */
  readonly send: (envelopes: readonly Envelope[]) => Promise<void>
  /** Called for each envelope that is refused because too many are waiting. */
  readonly onOverflow: (error: CodecError) => void
  /** Called with envelopes that are lost because `send` rejected. */
  readonly onFailed: (error: unknown, lost: readonly Envelope[]) => void
}

/** While something is always waiting, the event loop turns this often. */
const LONGEST_RUN_MS = 10

/**
 * As many are encoded, and then sent one right after the other: while it sends, ZeroMQ's thread need not be woken for
 * each.
 */
const AT_ONCE = 128

/** When as much waits, it is sent on without a turn: hundreds of messages can be read before the loop turns. */
const PRESSING_BYTES = 16 * 1024 * 1024

/** Of large ones, fewer are gathered: hundreds can come in one turn of the event loop. */
const GATHERED_BYTES = 4 * 1024 * 1024

/**
 * Envelopes of one topic on their way to the socket, in order; each is sent as it is. What comes in one turn of the
 * event loop is sent together, up to a limit, before the loop polls its sockets again.
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
  /** The first error that `flush` has not thrown. */
  #failure: { readonly error: unknown } | undefined
  /** Ends the gathering that goes on. */
  #gathered: () => void = () => undefined
  /** Ends the wait for a turn of the event loop. */
  #turned: () => void = () => undefined
  #turnedAtMs = performance.now()

  constructor(options: ForwardOutboxOptions) {
    this.#options = options
  }

  /**
   * Takes an envelope. Resolves once it was sent, with those that came together with it. One that cannot be sent takes
   * none of the others along.
   *
   * @throws {@link CodecError} `ERR_MEMORY_LIMIT` when too much is already waiting; the error that `send` threw when
   *   nothing that came together could be sent.
   */
  add(envelope: Envelope): Promise<void> {
    const bytes = envelopeBytes(envelope)
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES && this.#waitingBytes > 0)
      return refuseWaiting(this.#options)
    if (this.#waitingBytes === 0) this.#turnedAtMs = performance.now()
    this.#waitingBytes += bytes
    this.#waiting.push(envelope)
    if (this.#isFull) this.#gathered()
    if (this.#waitingBytes >= PRESSING_BYTES) this.#turned()
    return (this.#next ??= this.#begin())
  }

  /** Waits until everything taken has been sent. @throws The first error that `send` threw since the last call. */
  async flush(): Promise<void> {
    // It is thrown below.
    await this.#last.catch(() => undefined)
    const failure = this.#failure
    this.#failure = undefined
    if (failure) throw failure.error
  }

  #begin(): Promise<void> {
    this.#last = this.#sendAfter(this.#last)
    // A caller that does not wait gets the error from `flush`.
    this.#last.catch(() => undefined)
    return this.#last
  }

  get #isFull(): boolean {
    return this.#waiting.length >= AT_ONCE || this.#waitingBytes >= GATHERED_BYTES
  }

  /** Waits for all promises, so that what is there already is sent together, but not until sockets are polled. */
  async #gather(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#gathered = resolve
      process.nextTick(resolve)
    })
  }

  async #sendAfter(before: Promise<void>): Promise<void> {
    try {
      await before
    } catch {
      // It has been told to those who wait for it.
    }
    if (this.#options.isGathered && !this.#isFull) await this.#gather()
    const taken = this.#waiting
    this.#waiting = []
    this.#next = undefined
    let sent = 0
    for (let first = 0; first < taken.length;) {
      const end = endOfGroup(taken, first)
      const group = first === 0 && end === taken.length ? taken : taken.slice(first, end)
      sent += await this.#sendGroup(group)
      for (const envelope of group) this.#waitingBytes -= envelopeBytes(envelope)
      first = end
      await this.#turn()
    }
    if (sent === 0) throw this.#failure?.error
  }

  /** @returns The number of envelopes that were sent. */
  async #sendGroup(group: readonly Envelope[]): Promise<number> {
    try {
      await this.#options.send(group)
      return group.length
    } catch (error) {
      // All are encoded before the first is sent: one that cannot be is found by sending each alone.
      if (group.length === 1 || !(error instanceof CodecError)) return this.#fail(error, group)
    }
    let sent = 0
    for (const envelope of group) sent += await this.#sendGroup([envelope])
    return sent
  }

  #fail(error: unknown, lost: readonly Envelope[]): 0 {
    this.#failure ??= { error }
    this.#options.onFailed(error, lost)
    return 0
  }

  /** Settled promises let no timer run. */
  async #turn(): Promise<void> {
    if (performance.now() - this.#turnedAtMs < LONGEST_RUN_MS) return
    await new Promise<void>((resolve) => {
      this.#turned = resolve
      setImmediate(resolve)
    })
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
