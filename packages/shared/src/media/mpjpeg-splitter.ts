import { CodecError } from '../errors.ts'

/** The largest picture in an mpjpeg stream: 16 MiB, as in a message. */
export const MAX_PART_BYTES = 16 * 1024 * 1024

/** The most bytes that a boundary and the headers after it may take. */
export const MAX_PART_HEADER_BYTES = 8192

const LF = 10
const CR = 13

/**
 * Splits an mpjpeg stream (`--boundary`, headers with a `Content-length`, a picture, and so on) into pictures, however
 * the stream is cut into chunks. The length is believed rather than the next FFD9 searched for: a JPEG may carry a
 * thumbnail, which ends in FFD9 too.
 *
 * Each byte is copied once, into its picture's own buffer. Holds one unfinished picture at the most.
 */
export class MpjpegSplitter {
  readonly #header = Buffer.allocUnsafe(MAX_PART_HEADER_BYTES)
  #headerBytes = 0
  // Bytes since the last line end, CR left out: an empty line ends the headers.
  #lineBytes = 0
  #sawHeaderLine = false
  #picture: Buffer | undefined
  #pictureBytes = 0

  /**
   * Takes the next bytes of the stream; they are copied, so the chunk may be reused.
   *
   * @returns The pictures that became complete, owned by the caller. They are not checked to be pictures.
   * @throws {@link CodecError} `ERR_FRAME` when it is not mpjpeg, or a part or its headers exceed the limits; the
   *   splitter cannot be used after that.
   */
  push(chunk: Uint8Array): Buffer[] {
    const pictures: Buffer[] = []
    let position = 0
    while (position < chunk.length) {
      if (!this.#picture) {
        position = this.#readHeaders(chunk, position)
        continue
      }
      const end = Math.min(chunk.length, position + this.#picture.length - this.#pictureBytes)
      this.#picture.set(chunk.subarray(position, end), this.#pictureBytes)
      this.#pictureBytes += end - position
      position = end
      if (this.#pictureBytes === this.#picture.length) {
        pictures.push(this.#picture)
        this.#picture = undefined
      }
    }
    return pictures
  }

  /** Whether the stream stopped inside a picture. */
  get truncated(): boolean {
    return this.#picture !== undefined
  }

  /** Reads on until the empty line. @returns The position after what was read. */
  #readHeaders(chunk: Uint8Array, start: number): number {
    for (let position = start; position < chunk.length; position++) {
      const byte = chunk[position] as number
      if (this.#headerBytes === MAX_PART_HEADER_BYTES) throw notMpjpeg('its headers do not end')
      this.#header[this.#headerBytes++] = byte
      if (byte === LF) {
        // The line end after a picture precedes the boundary, and does not end any headers.
        if (this.#lineBytes === 0 && this.#sawHeaderLine) {
          this.#beginPicture()
          return position + 1
        }
        this.#sawHeaderLine ||= this.#lineBytes > 0
        this.#lineBytes = 0
      } else if (byte !== CR) this.#lineBytes++
    }
    return chunk.length
  }

  #beginPicture(): void {
    const header = this.#header.toString('latin1', 0, this.#headerBytes).trimStart()
    if (!header.startsWith('--')) throw notMpjpeg('a part begins without a boundary')
    const digits = /^content-length:[ \t]*(\d{1,9})[ \t]*\r?$/im.exec(header)?.[1]
    if (digits === undefined) throw notMpjpeg('a part has no Content-length')
    const length = Number(digits)
    if (length === 0 || length > MAX_PART_BYTES) {
      throw notMpjpeg(`a part of ${length} bytes is not between 1 and ${MAX_PART_BYTES}`)
    }
    // Not from Buffer's shared pool: a small picture kept for long must not keep 8 KiB of others alive.
    this.#picture = Buffer.allocUnsafeSlow(length)
    this.#pictureBytes = 0
    this.#headerBytes = 0
    this.#sawHeaderLine = false
  }
}

function notMpjpeg(reason: string): CodecError {
  return new CodecError('ERR_FRAME', `the stream of pictures is damaged: ${reason}`)
}
