import { CodecError, MAX_PIXELS } from '@zcast/shared'
import type { RawPicture } from './raw-picture.ts'

const MAX_HEADER_BYTES = 64
const HEADER = /^P6\n(\d{1,5}) (\d{1,5})\n255\n/

/**
 * Splits a stream of binary PPM pictures, each of which states its size, as ffmpeg writes them. Each byte is copied
 * once; holds at most one unfinished picture.
 */
export class PpmSplitter {
  #header = ''
  #size = { width: 0, height: 0 }
  #pixels: Buffer | undefined
  #filled = 0

  /**
   * Takes the next bytes of the stream; they are copied.
   *
   * @returns The pictures that became complete, owned by the caller.
   * @throws {@link CodecError} `ERR_FRAME` when the bytes are not PPM, or a picture has too many pixels.
   */
  push(chunk: Buffer): RawPicture[] {
    const pictures: RawPicture[] = []
    let position = 0
    while (position < chunk.length) {
      if (!this.#pixels) {
        position = this.#readHeader(chunk, position)
        continue
      }
      const end = Math.min(chunk.length, position + this.#pixels.length - this.#filled)
      this.#pixels.set(chunk.subarray(position, end), this.#filled)
      this.#filled += end - position
      position = end
      if (this.#filled < this.#pixels.length) continue
      pictures.push({ pixels: this.#pixels, ...this.#size })
      this.#pixels = undefined
    }
    return pictures
  }

  #readHeader(chunk: Buffer, start: number): number {
    const before = this.#header.length
    this.#header += chunk.toString('latin1', start, start + MAX_HEADER_BYTES - before)
    const match = HEADER.exec(this.#header)
    if (!match) {
      if (this.#header.length >= MAX_HEADER_BYTES)
        throw new CodecError('ERR_FRAME', 'the pictures are not PPM')
      return chunk.length
    }
    const [width, height] = [Number(match[1]), Number(match[2])]
    if (width * height === 0 || width * height > MAX_PIXELS) {
      throw new CodecError('ERR_FRAME', `a picture of ${width}x${height} is too large`)
    }
    this.#size = { width, height }
    this.#pixels = Buffer.allocUnsafeSlow(width * height * 3)
    this.#filled = 0
    this.#header = ''
    return start + match[0].length - before
  }
}
