/** Messages of which parts are missing; the one begun first is given up for another. */
const MAX_INCOMPLETE = 8

/** The most parts of a message: 16 MiB at the smallest `max_payload` that makes sense, 16 KiB. */
const MAX_PARTS = 1024

/** Where a part belongs, as `Zc-Part` says: `2/3`. */
export interface PartNumber {
  readonly part: number
  readonly of: number
}

/** @returns `undefined` for a whole message, and what makes no sense. */
export function parsePart(text: string | undefined): PartNumber | undefined {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text ?? '')
  if (!match) return undefined
  const [part, of] = [Number(match[1]), Number(match[2])]
  return part >= 1 && part <= of && of >= 2 && of <= MAX_PARTS ? { part, of } : undefined
}

interface Incomplete {
  readonly parts: (Uint8Array | undefined)[]
  missing: number
  bytes: number
}

/** Puts large messages together again. What is not whole when eight others have begun is given up: it is one message lost. */
export class PartAssembly {
  readonly #maxBytes: number
  readonly #incomplete = new Map<string, Incomplete>()

  /** @param maxBytes - A message with more is given up. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /**
   * @param key - The same for all parts of a message.
   * @returns The whole body, with its last part.
   */
  add(key: string, { part, of }: PartNumber, bytes: Uint8Array): Uint8Array | undefined {
    let message = this.#incomplete.get(key)
    if (!message || message.parts.length !== of) {
      this.#incomplete.delete(key)
      if (this.#incomplete.size >= MAX_INCOMPLETE) {
        const [oldest = ''] = this.#incomplete.keys()
        this.#incomplete.delete(oldest)
      }
      message = { parts: Array.from({ length: of }, () => undefined), missing: of, bytes: 0 }
      this.#incomplete.set(key, message)
    }
    if (message.parts[part - 1]) return undefined
    message.parts[part - 1] = bytes
    message.missing -= 1
    message.bytes += bytes.byteLength
    if (message.bytes > this.#maxBytes) {
      this.#incomplete.delete(key)
      return undefined
    }
    if (message.missing > 0) return undefined
    this.#incomplete.delete(key)
    return Buffer.concat(message.parts as Uint8Array[])
  }
}
