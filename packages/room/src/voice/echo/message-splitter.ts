import { GrowingBytes } from '../growing-bytes.ts'

const END = 0

/** Cuts a stream of bytes into messages that each end with a NUL byte. */
export class MessageSplitter {
  readonly #maxBytes: number
  readonly #held = new GrowingBytes()

  /** @param maxBytes - Of one message. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The bytes of a message whose end has not come. */
  get heldBytes(): number {
    return this.#held.length
  }

  /** Takes bytes. @returns The messages that are whole now; `undefined` when one is larger than allowed. */
  add(bytes: Buffer): readonly Buffer[] | undefined {
    const messages: Buffer[] = []
    let rest = bytes
    for (let end = rest.indexOf(END); end >= 0; end = rest.indexOf(END)) {
      if (!this.#hold(rest.subarray(0, end))) return undefined
      messages.push(this.#held.take())
      rest = rest.subarray(end + 1)
    }
    return this.#hold(rest) ? messages : undefined
  }

  #hold(bytes: Buffer): boolean {
    if (this.#held.length + bytes.length > this.#maxBytes) return false
    this.#held.add(bytes)
    return true
  }
}
