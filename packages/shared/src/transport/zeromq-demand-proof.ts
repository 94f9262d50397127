import { randomBytes } from 'node:crypto'
import type * as zmq from 'zeromq'
import { zeromq } from './zeromq-library.ts'

/** The shortest interval between questions; subscriptions that come up meanwhile are asked about together. */
const ASK_EVERY_MS = 10

/** The number of prefixes in one question; its parts have to fit the queue of the socket. */
const MAX_PREFIXES = 100

let lastNumber = 0

/** Called with the result for a subscription: whether it has ended, or somebody still has it. */
export type OnProved = (prefix: string, isEnded: boolean) => void

/**
 * Finds out whether anybody still has a subscription after its end was reported. ZeroMQ also reports the end of a
 * subscription that never began, so any peer could otherwise end the subscriptions of all others with 13 bytes.
 *
 * A socket of our own within the process subscribes and unsubscribes the same prefix: ZeroMQ reports the end of ours
 * only if nobody else has it. It reads all parts of one message in a row, so everything between two unguessable marks
 * is ours.
 */
export class ZeromqDemandProof {
  readonly #asker = new (zeromq().XSubscriber)({ linger: 0, sendTimeout: 0 })
  readonly #onProved: OnProved
  /** The prefixes still to be asked about. */
  readonly #asked = new Set<string>()
  /** The mark before and after our own subscriptions, while they are in transit. */
  #mark: Buffer | undefined
  /** True when the first mark was read and the second was not. */
  #isReading = false
  /** Our own subscription that was read last, and whether its end followed. */
  #own: { prefix: string; isEnded: boolean } | undefined
  #timer: NodeJS.Timeout | undefined

  /**
   * @param socket - Reports each subscription (`allSubs`); nothing must be bound yet.
   * @param onProved - Called with the result of each `ask`, in the order in which the socket reports it.
   */
  constructor(socket: zmq.XPublisher, onProved: OnProved) {
    this.#onProved = onProved
    const endpoint = `inproc://zcast-demand-${(lastNumber += 1)}`
    socket.bindSync(endpoint)
    this.#asker.connect(endpoint)
  }

  /** Asks whether a subscription has ended; at most once for all calls before the question is sent. */
  ask(prefix: string): void {
    this.#asked.add(prefix)
    if (!this.#mark && !this.#timer) void this.#send()
  }

  /** Takes a part that the socket reported. @returns True when it was about our own subscriptions. */
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

  /** Stops asking. */
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
    // Anything that is not a subscription: its first byte is neither 0 nor 1.
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
