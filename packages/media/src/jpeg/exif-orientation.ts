import type { PictureSize } from '@zcast/shared'
import type { JpegOutline } from '@zcast/shared/internal'

const ORIENTATION = 0x0112
const SHORT = 3
// IFD0 has a few dozen entries.
const MAX_ENTRIES = 512

/**
 * The orientation of a JPEG, from its Exif segment.
 *
 * @param outline - The picture's outline.
 * @returns 1 to 8, as in Exif; 1 is upright, and is returned for anything that cannot be read.
 */
export function readOrientation(bytes: Uint8Array, { exif }: Pick<JpegOutline, 'exif'>): number {
  if (!exif) return 1
  const [start, end] = exif
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start)
  if (view.byteLength < 8) return 1
  const byteOrder = view.getUint16(0)
  if (byteOrder !== 0x4949 && byteOrder !== 0x4d4d) return 1
  const little = byteOrder === 0x4949
  const directory = view.getUint32(4, little)
  if (directory + 2 > view.byteLength) return 1
  const entries = Math.min(MAX_ENTRIES, view.getUint16(directory, little))
  for (let at = directory + 2; at < directory + 2 + entries * 12 && at + 12 <= view.byteLength; at += 12) {
    if (view.getUint16(at, little) !== ORIENTATION) continue
    const value = view.getUint16(at + 2, little) === SHORT ? view.getUint16(at + 8, little) : 1
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/** The size of a picture after it is turned upright: orientations 5 to 8 swap width and height. */
export function turnedSize({ width, height }: PictureSize, orientation: number): PictureSize {
  return orientation >= 5 ? { width: height, height: width } : { width, height }
}
