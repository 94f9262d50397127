import { refuseJpeg } from './jpeg-limits.ts'
import { countScans } from './jpeg-scans.ts'
import { readJpegOutline, type PictureSize } from './jpeg-structure.ts'

/**
 * Judges a picture by the rules of the wire format: what passes here is taken by every receiver. Decodes nothing.
 *
 * @param bytes - Every byte may be hostile.
 * @returns The size of the picture in pixels, or the reason why it is refused.
 */
export function inspectJpeg(bytes: Uint8Array): PictureSize | string {
  const outline = readJpegOutline(bytes)
  if (!outline) return 'the picture is not a complete JPEG'
  // Before anybody is given it: players and browsers decode what they get, whatever memory that takes.
  if (refuseJpeg(bytes, outline) !== undefined)
    return 'the picture would cost more to decode than its bytes justify'
  if (countScans(bytes, outline) === undefined) return 'the picture is followed by something else'
  return { width: outline.width, height: outline.height }
}
