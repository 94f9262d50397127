const END = 0

/** Cuts a stream of bytes into messages that each end with a NUL byte. */
export class MessageSplitter {
  readonly #maxBytes: number
  #chunks: Buffer[] = []
  #bytes = 0

  /** @param maxBytes - Of one message. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The bytes of a message whose end has not come. */
  get heldBytes(): number {
    return this.#bytes
  }

  /** Takes bytes. @returns The messages that are whole now; `undefined` when one is larger than allowed. */
  add(bytes: Buffer): readonly Buffer[] | undefined {
    const messages: Buffer[] = []
    let rest = bytes
    for (let end = rest.indexOf(END); end >= 0; end = rest.indexOf(END)) {
      this.#hold(rest.subarray(0, end))
      if (this.#bytes > this.#maxBytes) return undefined
      messages.push(Buffer.concat(this.#chunks))
      this.#chunks = []
      this.#bytes = 0
      rest = rest.subarray(end + 1)
    }
    this.#hold(rest)
    return this.#bytes > this.#maxBytes ? undefined : messages
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#chunks.push(bytes)
    this.#bytes += bytes.length
  }
}
