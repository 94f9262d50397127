import type { EscapeWriter } from './escape-writer.ts'
import type { Box } from './picture-layout.ts'

// The images of all programs in a terminal window share their numbers: these two are unlikely to be used by others.
const IMAGES = [2_053_333_841, 2_053_333_842] as const
const CHUNK_BYTES = 3072

/**
 * The largest number of pixels sent for one picture. The terminal enlarges it: a raw pixel in base64 takes four bytes,
 * so this many are 1.2 MB a picture.
 */
const MAX_PIXELS = 640 * 480

/** Removes the pictures of {@link KittyGraphics}, and frees their memory. */
export const DELETE_PICTURES = IMAGES.map((image) => `\x1b_Ga=d,d=I,i=${image},q=2\x1b\\`).join('')

/** Pictures by the kitty graphics protocol: https://sw.kovidgoyal.net/kitty/graphics-protocol/ */
export class KittyGraphics {
  #turn = 0

  /** The size in which to send a picture: its own, or less if that would be too much to send. */
  pixels(picture: { readonly width: number; readonly height: number }): { width: number; height: number } {
    const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (picture.width * picture.height)))
    const scaled = (side: number): number => Math.max(1, Math.round(side * scale))
    return { width: scaled(picture.width), height: scaled(picture.height) }
  }

  /**
   * Shows a picture in a box and removes the previous one: the new one first, so that there is no gap.
   *
   * @param rgb - 8 bits each, row-major; length `size.width * size.height * 3`.
   */
  draw(writer: EscapeWriter, rgb: Uint8Array, size: { width: number; height: number }, box: Box): void {
    const image = IMAGES[this.#turn] as number
    this.#turn = 1 - this.#turn
    writer.moveTo(box.left, box.top)
    const pixels = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength)
    let control = `a=T,f=24,t=d,q=2,C=1,i=${image},p=1,s=${size.width},v=${size.height},c=${box.columns},r=${box.rows},`
    for (let start = 0; start < pixels.length; start += CHUNK_BYTES) {
      const end = Math.min(start + CHUNK_BYTES, pixels.length)
      writer.ascii(`\x1b_G${control}m=${end < pixels.length ? 1 : 0};`)
      writer.ascii(pixels.toString('base64', start, end))
      writer.ascii('\x1b\\')
      control = ''
    }
    writer.ascii(`\x1b_Ga=d,d=I,i=${IMAGES[this.#turn] as number},q=2\x1b\\`)
  }
}
