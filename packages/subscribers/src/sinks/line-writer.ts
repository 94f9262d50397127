import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Text is written in pieces of this size: a separate write for each line reaches at most 200,000 lines a second. */
const FLUSH_LENGTH = 64 * 1024

/**
 * Collects lines and writes them together: at the latest when the event loop turns, so that a single line is not
 * delayed.
 */
export class LineWriter {
  readonly #output: Writable
  #text = ''
  #scheduled = false
  /** Settles when a full output has room again. */
  #draining: Promise<void> | undefined

  constructor(output: Writable) {
    this.#output = output
  }

  /** Adds text. @returns A promise when the output is full: await it before adding more. */
  write(text: string): Promise<void> | undefined {
    this.#text += text
    if (this.#text.length >= FLUSH_LENGTH) return this.flush()
    if (!this.#scheduled) {
      this.#scheduled = true
      setImmediate(() => void this.flush())
    }
    return this.#draining
  }

  /** Writes the collected text. @returns A promise when the output is full. */
  flush(): Promise<void> | undefined {
    this.#scheduled = false
    const text = this.#text
    this.#text = ''
    if (text === '' || this.#output.destroyed) return this.#draining
    if (!this.#output.write(text)) {
      this.#draining ??= this.#drained().finally(() => (this.#draining = undefined))
    }
    return this.#draining
  }

  async #drained(): Promise<void> {
    const settled = new AbortController()
    const { signal } = settled
    // The wait also ends when the reader is gone; the output's owner is notified through its 'error' event.
    const ignoreAbort = (): void => undefined
    await Promise.race([
      once(this.#output, 'drain', { signal }).catch(ignoreAbort),
      once(this.#output, 'close', { signal }).catch(ignoreAbort),
    ])
    settled.abort()
  }
}
