import { randomBytes } from 'node:crypto'
import type * as zmq from 'zeromq'
import { zeromq } from './zeromq-library.ts'

/** How often it is asked, at the most; what comes up meanwhile is asked for together. */
const ASK_EVERY_MS = 10

/** Prefixes that one message asks for; its parts have to fit the queue of the socket. */
const MAX_PREFIXES = 100

let lastNumber = 0

/** Told of a subscription whether it has ended, or somebody has it still. */
export type OnProved = (prefix: string, isEnded: boolean) => void

/**
 * Finds out whether anybody has a subscription still after its end was told. ZeroMQ tells the same of an end that was
 * never begun, so that any peer could end the subscriptions of all others with 13 bytes.
 *
 * A socket of our own within the process subscribes and unsubscribes the same prefix: ZeroMQ tells of the end of ours if
 * nobody else has it, and only then. It reads all parts of one message in a row, so that what stands between two marks
 * that nobody can guess is ours.
 */
export class ZeromqDemandProof {
  readonly #asker = new (zeromq().XSubscriber)({ linger: 0, sendTimeout: 0 })
  readonly #onProved: OnProved
  /** To be asked for. */
  readonly #asked = new Set<string>()
  /** What stands before and after our own subscriptions, while they are on their way. */
  #mark: Buffer | undefined
  /** Whether the first mark was read and the second was not. */
  #isReading = false
  /** Our own subscription that was read last, and whether its end followed. */
  #own: { prefix: string; isEnded: boolean } | undefined
  #timer: NodeJS.Timeout | undefined

  /**
   * @param socket - Tells of each subscription (`allSubs`); nothing must be bound yet.
   * @param onProved - Called with what came of each `ask`, in the order in which the socket tells it.
   */
  constructor(socket: zmq.XPublisher, onProved: OnProved) {
    this.#onProved = onProved
    const endpoint = `inproc://zcast-demand-${(lastNumber += 1)}`
    socket.bindSync(endpoint)
    this.#asker.connect(endpoint)
  }

  /** Asks whether a subscription has ended; at most once for all that is asked before the answer is on its way. */
  ask(prefix: string): void {
    this.#asked.add(prefix)
    if (!this.#mark && !this.#timer) void this.#send()
  }

  /** Takes what the socket has told. @returns Whether that was about our own subscriptions. */
  take(part: Buffer): boolean {
    const isMark = this.#mark !== undefined && part.equals(this.#mark)
    if (!isMark && !this.#isReading) return false
    if (!isMark && part[0] === 0) {
      if (this.#own) this.#own.isEnded = true
      return true
    }
    const own = this.#own
    this.#own = isMark ? undefined : { prefix: part.toString('latin1', 1), isEnded: false }
    if (own) this.#onProved(own.prefix, own.isEnded)
    if (isMark && this.#isReading) this.#askAgain()
    if (isMark) this.#isReading = !this.#isReading
    return true
  }

  /** Asks nothing any more. */
  close(): void {
    clearTimeout(this.#timer)
    this.#asked.clear()
    this.#asker.close()
  }

  #askAgain(): void {
    this.#mark = undefined
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#asked.size > 0) void this.#send()
    }, ASK_EVERY_MS).unref()
  }

  async #send(): Promise<void> {
    const prefixes: string[] = []
    for (const prefix of this.#asked) {
      prefixes.push(prefix)
      this.#asked.delete(prefix)
      if (prefixes.length === MAX_PREFIXES) break
    }
    // Anything that is no subscription: its first byte is neither 0 nor 1.
    const mark = Buffer.from(`!demand/${randomBytes(16).toString('hex')}`)
    this.#mark = mark
    try {
      const changes = prefixes.flatMap((prefix) => [change(1, prefix), change(0, prefix)])
      await this.#asker.send([mark, ...changes, mark])
    } catch (error) {
      if (!this.#asker.closed) throw error
    }
  }
}

function change(first: 0 | 1, prefix: string): Buffer {
  return Buffer.from(`${String.fromCodePoint(first)}${prefix}`, 'latin1')
}
