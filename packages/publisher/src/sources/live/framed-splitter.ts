import { SourceError } from '@zcast/shared'

/** The largest message accepted: 16 MiB, as everywhere. */
export const MAX_FRAMED_BYTES = 16 * 1024 * 1024

/**
 * Splits a stream of messages: 4 bytes of length, big-endian, then protobuf `message my_image { bytes image = 1; }`.
 * Every byte may be hostile; holds at most one unfinished message.
 */
export class FramedSplitter {
  readonly #length = Buffer.alloc(4)
  #lengthBytes = 0
  #message: Buffer | undefined
  #messageBytes = 0

  /**
   * Takes the next bytes; they are copied.
   *
   * @returns The images of the messages that became complete, not verified to be pictures.
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when a length or a message breaks the rules; the splitter cannot be
   *   used afterwards.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    const images: Uint8Array[] = []
    let position = 0
    while (position < chunk.length) {
      if (!this.#message) {
        this.#length[this.#lengthBytes++] = chunk[position++] as number
        if (this.#lengthBytes === 4) this.#begin(this.#length.readUInt32BE())
        continue
      }
      const end = Math.min(chunk.length, position + this.#message.length - this.#messageBytes)
      this.#message.set(chunk.subarray(position, end), this.#messageBytes)
      this.#messageBytes += end - position
      position = end
      if (this.#messageBytes < this.#message.length) continue
      images.push(readImage(this.#message))
      this.#message = undefined
    }
    return images
  }

  /** True when the stream stopped inside a message. */
  get truncated(): boolean {
    return this.#message !== undefined || this.#lengthBytes > 0
  }

  #begin(length: number): void {
    if (length === 0 || length > MAX_FRAMED_BYTES) {
      throw damaged(`a message of ${length} bytes is not between 1 and ${MAX_FRAMED_BYTES}`)
    }
    // The system provides memory only as it is written, so a length alone costs nothing.
    this.#message = Buffer.allocUnsafeSlow(length)
    this.#messageBytes = 0
    this.#lengthBytes = 0
  }
}

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/** Unknown fields are skipped, and the last of several images counts, as in protobuf. */
function readImage(message: Buffer): Uint8Array {
  let image: Uint8Array | undefined
  let position = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 10; shift++) {
      const byte = message[position++]
      if (byte === undefined) break
      value += (byte & 0x7f) * 2 ** (7 * shift)
      if (byte < 0x80) return value
    }
    throw damaged('a number in a message does not end')
  }
  while (position < message.length) {
    const tag = varint()
    const type = tag % 8
    if (type === WIRE.varint) varint()
    else if (type === WIRE.fixed64) position += 8
    else if (type === WIRE.fixed32) position += 4
    else if (type === WIRE.bytes) {
      const end = varint() + position
      if (end > message.length) throw damaged('a field of a message goes beyond its end')
      if (Math.floor(tag / 8) === 1) image = message.subarray(position, end)
      position = end
    } else throw damaged('a message is not protobuf')
  }
  if (position !== message.length) throw damaged('a field of a message goes beyond its end')
  if (!image) throw damaged('a message has no image')
  return image
}

function damaged(reason: string): SourceError {
  return new SourceError('ERR_SOURCE_FAILED', `its stream is damaged: ${reason}`)
}
