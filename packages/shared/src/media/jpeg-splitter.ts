import { CodecError } from '../errors.ts'

/** The largest picture that is kept: 16 MiB, as in a message. */
const MAX_PICTURE_BYTES = 16 * 1024 * 1024
// Boundaries, headers and padding between two pictures; more is not a stream of pictures.
const MAX_BETWEEN_BYTES = 64 * 1024
const FIRST_BYTES = 64 * 1024

type State = 'between' | 'segments' | 'scan'

/**
 * Cuts JPEG pictures out of a stream of them, however they are put together: one after the other (MJPEG), or as the
 * parts of a multipart stream with any boundary and headers, hostile ones included. The pictures' own structure is
 * followed, as an FFD9 may also end a thumbnail, and the lengths that cameras state are often wrong.
 *
 * Holds one unfinished picture at the most.
 */
export class JpegSplitter {
  #state: State = 'between'
  #between = 0
  // The last byte before the current one was FF.
  #sawFf = false
  #picture = Buffer.alloc(0)
  #length = 0
  // Position in the picture up to which its structure was followed.
  #position = 0

  /**
   * Takes the next bytes of the stream; they are copied, so the chunk may be reused.
   *
   * @returns The pictures that became complete, owned by the caller; SOI to EOI, otherwise not checked.
   * @throws {@link CodecError} `ERR_FRAME` when a picture exceeds 16 MiB, or when 64 KiB hold no picture's begin; the
   *   splitter cannot be used after that.
   */
  push(chunk: Uint8Array): Buffer[] {
    const pictures: Buffer[] = []
    let bytes = chunk
    while (bytes.length > 0) {
      if (this.#state === 'between') {
        bytes = this.#findBegin(bytes)
        continue
      }
      const start = this.#length
      this.#append(bytes)
      const end = this.#follow()
      if (end === undefined) break
      pictures.push(Buffer.from(this.#picture.subarray(0, end)))
      this.#state = 'between'
      this.#between = 0
      this.#sawFf = false
      bytes = bytes.subarray(end - start)
    }
    return pictures
  }

  /** Whether the stream stopped inside a picture. */
  get truncated(): boolean {
    return this.#state !== 'between'
  }

  #findBegin(bytes: Uint8Array): Uint8Array {
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number
      if (this.#sawFf && byte === 0xd8) {
        this.#state = 'segments'
        this.#length = 0
        this.#position = 2
        this.#append(Uint8Array.of(0xff, 0xd8))
        return bytes.subarray(index + 1)
      }
      this.#sawFf = byte === 0xff
      if (++this.#between > MAX_BETWEEN_BYTES) {
        throw new CodecError('ERR_FRAME', 'the stream holds no JPEG pictures')
      }
    }
    return bytes.subarray(bytes.length)
  }

  #append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length
    if (needed > this.#picture.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, needed, this.#picture.length * 2))
      this.#picture.copy(larger, 0, 0, this.#length)
      this.#picture = larger
    }
    this.#picture.set(bytes, this.#length)
    this.#length = needed
  }

  /** Follows the structure as far as it has come. @returns The picture's length once it is complete. */
  #follow(): number | undefined {
    const { size, bytes } = { size: this.#length, bytes: this.#picture }
    while (this.#position < size) {
      if (this.#state === 'scan') {
        const found = bytes.subarray(0, size).indexOf(0xff, this.#position)
        if (found === -1) {
          this.#position = size
          break
        }
        this.#position = found
        if (found + 1 >= size) break
        const next = bytes[found + 1] as number
        // A stuffed zero, a restart marker or a fill byte: still the same scan.
        if (next === 0 || (next >= 0xd0 && next <= 0xd7)) this.#position += 2
        else if (next === 0xff) this.#position += 1
        else this.#state = 'segments'
        continue
      }
      if (this.#position + 1 >= size) break
      if (bytes[this.#position] !== 0xff)
        throw new CodecError('ERR_FRAME', 'a picture in the stream is damaged')
      const marker = bytes[this.#position + 1] as number
      if (marker === 0xff) {
        this.#position += 1
      } else if (marker === 0xd9) {
        if (this.#position + 2 > MAX_PICTURE_BYTES) throw tooLarge()
        return this.#position + 2
      } else if (marker === 0xd8 || marker < 0xc0) {
        throw new CodecError('ERR_FRAME', 'a picture in the stream is damaged')
      } else {
        if (this.#position + 3 >= size) break
        this.#position += 2 + Math.max(2, bytes.readUInt16BE(this.#position + 2))
        if (marker === 0xda) this.#state = 'scan'
      }
    }
    if (size > MAX_PICTURE_BYTES) throw tooLarge()
    return undefined
  }
}

function tooLarge(): CodecError {
  return new CodecError('ERR_FRAME', 'a picture in the stream exceeds 16 MiB')
}
