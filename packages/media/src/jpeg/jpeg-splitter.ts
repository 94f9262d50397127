import { CodecError } from '@zcast/shared'

/** The largest picture kept: 16 MiB, as in a message. */
const MAX_PICTURE_BYTES = 16 * 1024 * 1024
// Boundaries, headers and padding between two pictures; anything longer is not a stream of pictures.
const MAX_BETWEEN_BYTES = 64 * 1024
const FIRST_BYTES = 64 * 1024
// The number of searches for the next picture's start in the bytes of one damaged picture; hostile ones could have
// millions of candidates.
const MAX_SEARCHES = 16

const LF = 10
const SOI = Uint8Array.of(0xff, 0xd8)

type State = 'between' | 'segments' | 'scan'

/** `cut off`: the next picture begins inside the scan being followed; `no start`: the SOI was not one. */
type Outcome = 'unfinished' | 'complete' | 'damaged' | 'cut off' | 'no begin'

/**
 * Cuts JPEG pictures out of a stream, however they are combined: one after another (MJPEG), or as the parts of a
 * multipart stream with any boundary and headers, even hostile ones. It follows the structure of the pictures, because
 * FFD9 may also end a thumbnail, and the lengths that cameras state are often wrong.
 *
 * A picture that lost its end is returned without EOI once the next one begins: only a decoder can tell whether its
 * data is complete. A damaged picture is left out and counted, and the next one is found: in a multipart stream by the
 * empty line before it, so that the thumbnail of a picture that was cut off is not taken for it.
 *
 * Holds at most one unfinished picture.
 */
export class JpegSplitter {
  #state: State = 'between'
  #between = 0
  #mostBetween = MAX_BETWEEN_BYTES
  // The two bytes before the next one to look at.
  #beforeLast = 0
  #last = 0
  // True when a line break precedes the picture, as in a multipart stream.
  #afterLine = false
  // True after damage: only a picture after a line break counts.
  #needsLine = false
  #searches = 0
  #picture = Buffer.alloc(0)
  #length = 0
  // The start of the picture: a camera may write SOI twice.
  #begin = 0
  // The position up to which the structure has been followed.
  #position = 0
  #damaged = 0

  /** The number of pictures left out because they were damaged, or larger than 16 MiB. */
  get damaged(): number {
    return this.#damaged
  }

  /** True when the stream stopped inside a picture. */
  get truncated(): boolean {
    return this.#state !== 'between'
  }

  /**
   * Takes the next bytes of the stream; they are copied, so the chunk may be reused.
   *
   * @returns The pictures that became complete, owned by the caller; SOI to EOI, otherwise not checked. One that lost
   *   its end holds all bytes up to the next picture, without EOI.
   * @throws {@link CodecError} `ERR_FRAME` when 64 KiB contain no start of a picture (16 MiB after a damaged one); the
   *   splitter cannot be used afterwards.
   */
  push(chunk: Uint8Array): Buffer[] {
    const pictures: Buffer[] = []
    let bytes = chunk
    while (bytes.length > 0) {
      if (this.#state === 'between') {
        bytes = this.#findBegin(bytes)
        continue
      }
      this.#append(bytes)
      const outcome = this.#follow()
      if (outcome === 'unfinished') break
      if (outcome === 'complete') {
        pictures.push(Buffer.from(this.#picture.subarray(this.#begin, this.#position)))
        bytes = bytes.subarray(bytes.length - (this.#length - this.#position))
        this.#searches = 0
        this.#goBetween(MAX_BETWEEN_BYTES, false)
      } else {
        if (outcome === 'cut off')
          pictures.push(Buffer.from(this.#picture.subarray(this.#begin, this.#position)))
        bytes = this.#leaveOut(outcome)
      }
    }
    return pictures
  }

  /**
   * The part of a picture in which the stream stopped, from its SOI on; a view, valid until the next {@link push}.
   *
   * @returns `undefined` when the stream stopped between two pictures.
   */
  unfinished(): Uint8Array | undefined {
    return this.truncated ? this.#picture.subarray(this.#begin, this.#length) : undefined
  }

  #findBegin(bytes: Uint8Array): Uint8Array {
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number
      const afterLine = this.#beforeLast === LF
      if (this.#last === 0xff && byte === 0xd8 && (afterLine || !this.#needsLine)) {
        this.#state = 'segments'
        this.#afterLine = afterLine
        this.#length = 0
        this.#begin = 0
        this.#position = 2
        this.#append(SOI)
        return bytes.subarray(index + 1)
      }
      this.#beforeLast = this.#last
      this.#last = byte
      if (++this.#between > this.#mostBetween) {
        throw new CodecError('ERR_FRAME', 'the stream holds no JPEG pictures')
      }
    }
    return bytes.subarray(bytes.length)
  }

  /** @returns The bytes in which to search for the next picture. */
  #leaveOut(outcome: 'damaged' | 'cut off' | 'no begin'): Uint8Array {
    let from = this.#position
    if (outcome === 'no begin') this.#state = 'between'
    else {
      if (outcome === 'damaged') this.#damaged++
      if (outcome === 'damaged' && this.#afterLine && this.#searches++ < MAX_SEARCHES) from = this.#begin + 2
      this.#goBetween(MAX_PICTURE_BYTES, this.#afterLine)
    }
    this.#beforeLast = this.#picture[from - 2] as number
    this.#last = this.#picture[from - 1] as number
    return Buffer.from(this.#picture.subarray(from, this.#length))
  }

  #goBetween(mostBytes: number, needsLine: boolean): void {
    this.#state = 'between'
    this.#between = 0
    this.#mostBetween = mostBytes
    this.#needsLine = needsLine
    this.#beforeLast = 0
    this.#last = 0
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

  /** Follows the structure through the bytes received so far. */
  #follow(): Outcome {
    const bytes = this.#picture
    const size = Math.min(this.#length, MAX_PICTURE_BYTES)
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
        else if (next === 0xd8) return 'cut off'
        else this.#state = 'segments'
        continue
      }
      if (this.#position + 1 >= size) break
      const isFirst = this.#position === this.#begin + 2
      if (bytes[this.#position] !== 0xff) return isFirst ? 'no begin' : 'damaged'
      const marker = bytes[this.#position + 1] as number
      if (marker === 0xff) {
        this.#position += 1
      } else if (marker === 0xd9) {
        this.#position += 2
        return 'complete'
      } else if (marker === 0xd8 && isFirst) {
        this.#begin += 2
        this.#position += 2
      } else if (marker === 0xd8 || marker < 0xc0) {
        return 'damaged'
      } else {
        if (this.#position + 3 >= size) break
        this.#position += 2 + Math.max(2, bytes.readUInt16BE(this.#position + 2))
        if (marker === 0xda) this.#state = 'scan'
      }
    }
    if (this.#length <= MAX_PICTURE_BYTES) return 'unfinished'
    this.#position = MAX_PICTURE_BYTES
    return 'damaged'
  }
}
