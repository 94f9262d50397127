import { CodecError } from '@zcast/shared'

/** The largest picture kept: 16 MiB, as in a message. */
const MAX_CLIP_PICTURE_BYTES = 16 * 1024 * 1024

/** A picture of an SMJPEG stream. */
export interface StampedJpeg {
  /** The timestamp as it is in the stream, 0 to 2^32 - 1. */
  readonly stamp: number
  /** The picture, owned by the caller and not verified to be a JPEG; `undefined` when it exceeds 16 MiB. */
  readonly jpeg: Buffer | undefined
}

const MAGIC = '\0\nSMJPEG'
// The magic, a version and a duration.
const FILE_HEADER_BYTES = 16
const TAG_BYTES = 4

/**
 * Splits the output of ffmpeg's smjpeg muxer (Loki's SMJPEG: chunks of a tag, a timestamp, a length and a picture) into
 * pictures, wherever the stream is cut. Lengths are used rather than a search for markers: a JPEG may carry a
 * thumbnail, which ends in FFD9 too.
 *
 * Each byte is copied once, into its picture's own buffer. Holds at most one unfinished picture.
 */
export class SmjpegSplitter {
  readonly #header = Buffer.alloc(FILE_HEADER_BYTES)
  #headerBytes = 0
  #headerLength = FILE_HEADER_BYTES
  #started = false
  #stamp = 0
  #picture: Buffer | undefined
  #pictureBytes = 0
  /** The remaining bytes of a chunk that is being skipped. */
  #skip = 0
  #tooLarge = false

  /**
   * Takes the next bytes of the stream; they are copied, so the chunk may be reused.
   *
   * @returns The pictures that became complete.
   * @throws {@link CodecError} `ERR_FRAME` when the bytes are not SMJPEG; the splitter cannot be used afterwards.
   */
  push(chunk: Uint8Array): StampedJpeg[] {
    const pictures: StampedJpeg[] = []
    let position = 0
    while (position < chunk.length) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - position)
        this.#skip -= skipped
        position += skipped
        if (this.#skip === 0 && this.#tooLarge) {
          this.#tooLarge = false
          pictures.push({ stamp: this.#stamp, jpeg: undefined })
        }
      } else if (this.#picture) {
        const end = Math.min(chunk.length, position + this.#picture.length - this.#pictureBytes)
        this.#picture.set(chunk.subarray(position, end), this.#pictureBytes)
        this.#pictureBytes += end - position
        position = end
        if (this.#pictureBytes < this.#picture.length) break
        pictures.push({ stamp: this.#stamp, jpeg: this.#picture })
        this.#picture = undefined
      } else {
        const end = Math.min(chunk.length, position + this.#headerLength - this.#headerBytes)
        this.#header.set(chunk.subarray(position, end), this.#headerBytes)
        this.#headerBytes += end - position
        position = end
        if (this.#headerBytes === this.#headerLength) this.#readHeader()
      }
    }
    return pictures
  }

  /** True when the stream stopped inside a picture. */
  get truncated(): boolean {
    return this.#picture !== undefined || this.#tooLarge
  }

  #readHeader(): void {
    const tag = this.#header.toString('latin1', 0, this.#started ? TAG_BYTES : MAGIC.length)
    if (!this.#started) {
      if (tag !== MAGIC) throw notSmjpeg('it does not begin as one')
      this.#started = true
    } else if (tag === 'vidD') {
      if (this.#headerLength < 12) return void (this.#headerLength = 12)
      this.#stamp = this.#header.readUInt32BE(4)
      this.#beginPicture(this.#header.readUInt32BE(8))
    } else if (tag === '_TXT' || tag === '_VID') {
      if (this.#headerLength < 8) return void (this.#headerLength = 8)
      this.#skip = this.#header.readUInt32BE(4)
    } else if (tag !== 'HEND' && tag !== 'DONE') throw notSmjpeg('an unknown part begins')
    this.#headerBytes = 0
    this.#headerLength = TAG_BYTES
  }

  #beginPicture(length: number): void {
    if (length > MAX_CLIP_PICTURE_BYTES) {
      this.#skip = length
      this.#tooLarge = true
    } else if (length > 0) {
      // Not from Buffer's shared pool: a small picture kept for long must not keep 8 KiB of others alive.
      this.#picture = Buffer.allocUnsafeSlow(length)
      this.#pictureBytes = 0
    }
  }
}

function notSmjpeg(reason: string): CodecError {
  return new CodecError('ERR_FRAME', `the stream of pictures is damaged: ${reason}`)
}
