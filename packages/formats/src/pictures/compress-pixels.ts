import type { Envelope } from '@zcast/shared'
import { loadMedia } from './load-media.ts'
import { toRgb, type PixelFrame } from './pixels.ts'

/** Makes a JPEG of a picture of which only the pixels have come; passes on everything else. */
export function compressPixels(envelope: Envelope): Envelope | Promise<Envelope> {
  const { block } = envelope
  return block.kind === 'video' && 'channels' in block ? compress(envelope, block as PixelFrame) : envelope
}

async function compress(envelope: Envelope, pixels: PixelFrame): Promise<Envelope> {
  const { encodeJpeg } = await loadMedia()
  const { channels: _, ...frame } = pixels
  const data = await encodeJpeg(toRgb(pixels), frame.width, frame.height)
  return { ...envelope, block: { ...frame, data } }
}
