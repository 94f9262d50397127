import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** As much as ffmpeg reads of a stream before it says what it is, three times over. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024

/**
 * Bytes for a program's standard input that can be given again from their beginning, to another program, for as long
 * as they are kept: until {@link release}, and no more than 16 MiB of them.
 */
export class ReplayedFeed {
  readonly #bytes: AsyncIterator<Uint8Array>
  #kept: Uint8Array[] | undefined = []
  #keptBytes = 0
  #next: Promise<IteratorResult<Uint8Array>> | undefined

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#bytes = bytes[Symbol.asyncIterator]()
  }

  /** Whether everything that came is still there. */
  get isWhole(): boolean {
    return this.#kept !== undefined
  }

  /** Keeps no more. */
  release(): void {
    this.#kept = undefined
  }

  /**
   * Gives what was kept and then what comes, as fast as it is taken. Ends the program's input after it; stops when the
   * program takes no more. Never rejects: whoever reads the bytes knows what is wrong with them, here it is the end.
   */
  async pour(stdin: Writable): Promise<void> {
    try {
      for (const chunk of this.#kept ?? []) await write(stdin, chunk)
      for (;;) {
        this.#next ??= this.#bytes.next()
        const { done, value } = await this.#next
        // Left to the next program.
        if (!stdin.writable) return
        if (done) break
        this.#next = undefined
        this.#keep(value)
        await write(stdin, value)
      }
    } catch {
      // See above.
    }
    stdin.end()
  }

  #keep(chunk: Uint8Array): void {
    this.#keptBytes += chunk.length
    if (this.#keptBytes > MAX_KEPT_BYTES) this.release()
    this.#kept?.push(chunk)
  }
}

async function write(stdin: Writable, chunk: Uint8Array): Promise<void> {
  if (!stdin.writable || stdin.write(chunk)) return
  const stop = new AbortController()
  const done = { signal: stop.signal }
  await Promise.race([once(stdin, 'drain', done), once(stdin, 'close', done)]).catch(() => undefined)
  stop.abort()
}
