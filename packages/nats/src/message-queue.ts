import type { Message } from '@zcast/shared'

/** From here on publishers that may lose nothing are asked to wait, until a quarter is left. */
const FULL_BYTES = 4 * 1024 * 1024

/** Beyond it what comes is dropped. */
const MAX_BYTES = 32 * 1024 * 1024

/** Messages that were read are let go of at least this many at a time, so that it costs each of them little. */
const FORGET_AT = 1024

/** What a message costs beside its bytes. */
const MESSAGE_BYTES = 64

type Taken = IteratorResult<Message, undefined>

/** Messages that have come and were not read yet. */
export class MessageQueue {
  readonly #onFull: (isFull: boolean) => void
  readonly #messages: Message[] = []
  #next = 0
  #bytes = 0
  #isFull = false
  #isClosed = false
  #take: ((taken: Taken) => void) | undefined

  /** @param onFull - Called when it becomes full, and when it is no longer. */
  constructor(onFull: (isFull: boolean) => void) {
    this.#onFull = onFull
  }

  add(message: Message): void {
    if (this.#isClosed) return
    const take = this.#take
    if (take) {
      this.#take = undefined
      take({ done: false, value: message })
      return
    }
    if (this.#bytes > MAX_BYTES) return
    this.#messages.push(message)
    this.#bytes += sizeOf(message)
    if (!this.#isFull && this.#bytes > FULL_BYTES) this.#tell(true)
  }

  /** One reader at a time. */
  read(): AsyncIterable<Message> {
    // Written out: a generator would cost each message two more turns of the microtask queue.
    return { [Symbol.asyncIterator]: () => ({ next: this.#read }) }
  }

  close(): void {
    this.#isClosed = true
    this.#messages.length = 0
    this.#next = 0
    this.#take?.({ done: true, value: undefined })
    this.#take = undefined
  }

  readonly #read = (): Promise<Taken> => {
    const message = this.#messages[this.#next]
    if (message) {
      this.#next += 1
      this.#bytes -= sizeOf(message)
      if (this.#next === this.#messages.length) {
        this.#messages.length = 0
        this.#next = 0
      } else if (this.#next > FORGET_AT && this.#next * 2 > this.#messages.length) {
        // A reader that is always a little behind never empties it.
        this.#messages.splice(0, this.#next)
        this.#next = 0
      }
      if (this.#isFull && this.#bytes < FULL_BYTES / 4) this.#tell(false)
      return Promise.resolve({ done: false, value: message })
    }
    if (this.#isClosed) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve) => (this.#take = resolve))
  }

  #tell(isFull: boolean): void {
    this.#isFull = isFull
    this.#onFull(isFull)
  }
}

function sizeOf(message: Message): number {
  let bytes = MESSAGE_BYTES
  for (const part of message) bytes += part.byteLength
  return bytes
}
