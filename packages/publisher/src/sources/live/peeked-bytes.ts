type Next = Promise<IteratorResult<Uint8Array>>

/** A stream of bytes whose start can be examined before it is read. */
export class PeekedBytes {
  readonly #source: AsyncIterator<Uint8Array>
  #seen = Buffer.alloc(0)
  #next: Next | undefined
  #ended = false
  #failure: { readonly error: unknown } | undefined

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#source = bytes[Symbol.asyncIterator]()
  }

  /**
   * Waits for the first bytes.
   *
   * @param count - The number of bytes, unless the stream ends before.
   * @param withinMs - The longest wait. Default: unlimited.
   * @returns The bytes received so far, possibly more than `count`.
   */
  async peek(count: number, withinMs?: number): Promise<Buffer> {
    let timer: NodeJS.Timeout | undefined
    const late =
      withinMs === undefined ? [] : [new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)))]
    try {
      while (this.#seen.length < count && !this.#ended) {
        const next = (this.#next ??= this.#source.next())
        const result = await Promise.race([next, ...late])
        if (!result) break
        this.#next = undefined
        if (result.done) this.#ended = true
        else this.#seen = Buffer.concat([this.#seen, result.value])
      }
    } catch (error) {
      this.#next = undefined
      this.#ended = true
      this.#failure = { error }
    } finally {
      clearTimeout(timer)
    }
    return this.#seen
  }

  /** True when the stream has ended, or failed, after the peeked bytes. */
  get ended(): boolean {
    return this.#ended
  }

  /** Throws the error that broke the stream, if there is one. */
  throwFailure(): void {
    if (this.#failure) throw this.#failure.error
  }

  /** All bytes from the first on; iterate once. A failure ends them, and is kept for {@link throwFailure}. */
  async *read(): AsyncGenerator<Uint8Array> {
    if (this.#seen.length > 0) yield this.#seen
    try {
      while (!this.#ended) {
        const { done, value } = await (this.#next ?? this.#source.next())
        this.#next = undefined
        if (done) this.#ended = true
        else yield value
      }
    } catch (error) {
      this.#ended = true
      this.#failure = { error }
    }
  }

  /** Frees the stream; not awaited, because a pending read ends only when more bytes come. */
  close(): void {
    this.#next?.catch(() => undefined)
    void Promise.resolve(this.#source.return?.()).catch(() => undefined)
  }
}
