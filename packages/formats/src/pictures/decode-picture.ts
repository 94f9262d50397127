import type { Envelope } from '@zcast/shared'
import { loadMedia } from './load-media.ts'
import type { PixelFrame } from './pixels.ts'

/**
 * Makes the pixels of a picture, in the order of OpenCV, for a format that sends those.
 *
 * @throws {@link CodecError} `ERR_FRAME` when the picture is damaged.
 */
export async function decodePicture(envelope: Envelope): Promise<Envelope> {
  const { block } = envelope
  if (block.kind !== 'video') return envelope
  const { decodeJpeg } = await loadMedia()
  const { pixels, width, height } = await decodeJpeg(block.data)
  const frame: PixelFrame = { ...block, width, height, data: swapRedAndBlue(pixels), channels: 3 }
  return { ...envelope, block: frame }
}

function swapRedAndBlue(pixels: Uint8Array): Uint8Array {
  for (let at = 0; at < pixels.length; at += 3) {
    const red = pixels[at] as number
    pixels[at] = pixels[at + 2] as number
    pixels[at + 2] = red
  }
  return pixels
}
