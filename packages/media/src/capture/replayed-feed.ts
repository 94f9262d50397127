import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Three times what ffmpeg reads of a stream before it reports the format. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024

/**
 * Bytes for a program's standard input that can be fed again from the beginning to another program while they are kept:
 * until {@link release}, and at most 16 MiB.
 */
export class ReplayedFeed {
  readonly #bytes: AsyncIterator<Uint8Array>
  #kept: Uint8Array[] | undefined = []
  #keptBytes = 0
  #next: Promise<IteratorResult<Uint8Array>> | undefined

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#bytes = bytes[Symbol.asyncIterator]()
  }

  /** True when every byte that came is still kept. */
  get isWhole(): boolean {
    return this.#kept !== undefined
  }

  /** Stops keeping bytes. */
  release(): void {
    this.#kept = undefined
  }

  /**
   * Writes the kept bytes and then new ones, as fast as the program reads them, and then ends its input. Stops when the
   * program stops reading. Never rejects: the error of the source is reported elsewhere; here it is the end of the
   * input.
   */
  async pour(stdin: Writable): Promise<void> {
    try {
      for (const chunk of this.#kept ?? []) await write(stdin, chunk)
      for (;;) {
        this.#next ??= this.#bytes.next()
        const { done, value } = await this.#next
        // The chunk is left for the next program.
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
