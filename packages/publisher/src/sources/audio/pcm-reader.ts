/** Reads samples as they are asked for from bytes as they come. */
export class PcmReader {
  readonly #frameBytes: number
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #stop: AbortController
  #rest: Uint8Array = new Uint8Array()
  #next: Promise<IteratorResult<Uint8Array>> | undefined

  /**
   * @param frameBytes - Of one sample of all channels.
   * @param open - Opens the bytes, until the signal aborts.
   */
  constructor(frameBytes: number, open: (signal: AbortSignal) => AsyncIterable<Uint8Array>) {
    this.#frameBytes = frameBytes
    this.#stop = new AbortController()
    this.#chunks = open(this.#stop.signal)[Symbol.asyncIterator]()
  }

  /** Opens the bytes now, so that the first are there when they are asked for. */
  prime(): void {
    this.#next ??= this.#chunks.next()
    // What is wrong is found out by whoever reads.
    this.#next.catch(() => undefined)
  }

  /**
   * Fills a buffer, as far as there is sound.
   *
   * @returns How many bytes were filled: whole samples of all channels.
   */
  async read(into: Uint8Array): Promise<number> {
    let filled = 0
    while (filled < into.byteLength) {
      if (this.#rest.byteLength === 0 && !(await this.#more())) break
      const part = this.#rest.subarray(0, into.byteLength - filled)
      into.set(part, filled)
      filled += part.byteLength
      this.#rest = this.#rest.subarray(part.byteLength)
    }
    return filled - (filled % this.#frameBytes)
  }

  /** Waits until there is something to read, or nothing any more. @throws What opening threw. */
  async untilThere(): Promise<void> {
    if (this.#rest.byteLength > 0) return
    this.prime()
    await this.#next
  }

  /** Passes over bytes. */
  async skip(bytes: number): Promise<void> {
    let left = bytes
    while (left > 0) {
      if (this.#rest.byteLength === 0 && !(await this.#more())) return
      const passed = Math.min(left, this.#rest.byteLength)
      this.#rest = this.#rest.subarray(passed)
      left -= passed
    }
  }

  /** Frees everything. May be called twice. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#next?.catch(() => undefined)
    await this.#chunks.return?.()
  }

  async #more(): Promise<boolean> {
    this.prime()
    const next = this.#next
    this.#next = undefined
    const result = await next
    if (!result || result.done) return false
    this.#rest = result.value
    return true
  }
}
