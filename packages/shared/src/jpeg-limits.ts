import { countScans, hasOneScan } from './jpeg-scans.ts'
import type { JpegOutline } from './jpeg-structure.ts'

/** The largest number of pixels in a picture: 64 million, such as 8192x8192 (192 MiB of RGB). */
export const MAX_PIXELS = 64 * 1024 * 1024

/**
 * The largest number of scans in a picture. Progressive pictures have about ten; libjpeg walks over the whole picture
 * for each, so that 3,000 scans in 150 kB took 5 s (measured).
 */
const MAX_SCANS = 100

/**
 * A block of 8x8 pixels takes at least one bit, because no Huffman code is shorter: fewer bytes than that cannot hold
 * the picture that the header promises. A plain picture of 8192x4320 takes at least 104 kB (measured with libjpeg-turbo
 * and mozjpeg: 64 to 340 pixels a byte).
 */
const MOST_BLOCKS_PER_BYTE = 8
/** A million pixels (4 MB in a browser) cost so little that their bytes need not be counted. */
const CHEAP_PIXELS = 1024 * 1024

/**
 * Decides whether an untrusted JPEG costs more to decode than its bytes justify. Decodes nothing, and looks through the
 * data only of pictures with several scans.
 *
 * @param outline - The picture's outline.
 * @param maxPixels - Default {@link MAX_PIXELS}.
 * @returns The reason, as a clause about "it"; `undefined` when nothing is wrong.
 */
export function refuseJpeg(
  bytes: Uint8Array,
  outline: JpegOutline,
  maxPixels = MAX_PIXELS,
): string | undefined {
  const { width, height, scanAt } = outline
  if (width * height > maxPixels)
    return `it has ${width}x${height} pixels, more than the limit of ${maxPixels}`
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8)
  const scanBytes = bytes.length - scanAt
  if (width * height > CHEAP_PIXELS && blocks > scanBytes * MOST_BLOCKS_PER_BYTE)
    return `it claims ${width}x${height}, but its ${scanBytes} bytes hold only a part of that at most`
  if (hasOneScan(outline)) return undefined
  const scans = countScans(bytes, outline)
  if (scans === undefined) return 'it does not end where its data does'
  return scans > MAX_SCANS ? `it has more than ${MAX_SCANS} scans` : undefined
}
