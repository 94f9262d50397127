import type { Log } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'

/** Yields messages, ready for `frameFor`, until the signal aborts. */
export type Flow = (signal: AbortSignal, emit: (message: Buffer) => void) => Promise<void>

/** Takes the messages of a channel. */
export type Receiver = (message: Buffer) => void

const AGAIN_AFTER_MS = 2000

/** Lets something flow while somebody receives it: opened for the first receiver, closed after the last. */
export class Tap {
  readonly #name: string
  readonly #flow: Flow
  readonly #log: () => Log | undefined
  readonly #receivers = new Set<Receiver>()
  #open: AbortController | undefined
  #running: Promise<void> | undefined

  /** @param name - What flows, for the log. */
  constructor(name: string, flow: Flow, log: () => Log | undefined) {
    this.#name = name
    this.#flow = flow
    this.#log = log
  }

  /** Adds a receiver. @returns A function that removes it. */
  add(receiver: Receiver): () => void {
    this.#receivers.add(receiver)
    this.#running ??= this.#run()
    return () => {
      this.#receivers.delete(receiver)
      if (this.#receivers.size === 0) this.#open?.abort()
    }
  }

  /** Removes every receiver, and resolves when nothing flows any longer. */
  async close(): Promise<void> {
    this.#receivers.clear()
    this.#open?.abort()
    await this.#running
  }

  /** One after the other, however fast receivers come and go. */
  async #run(): Promise<void> {
    while (this.#receivers.size > 0) {
      const open = (this.#open = new AbortController())
      try {
        await this.#flow(open.signal, (message) => {
          for (const receiver of this.#receivers) receiver(message)
        })
      } catch (error) {
        const message = `${this.#name} cannot be received: ${errorMessage(error)}`
        this.#log()?.warning(message, error, `receive ${this.#name}`)
      }
      if (!open.signal.aborted) await pause(AGAIN_AFTER_MS, open.signal)
    }
    this.#open = undefined
    this.#running = undefined
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
