import { countScans, hasOneScan } from './jpeg-scans.ts'
import type { JpegOutline } from './jpeg-structure.ts'

/** The most pixels of a picture: 64 million, such as 8192x8192 (192 MiB of RGB). */
export const MAX_PIXELS = 64 * 1024 * 1024

/**
 * The most scans of a picture. Progressive pictures have about ten; libjpeg walks over the whole picture for each, so
 * that 3,000 scans in 150 kB took 5 s (measured).
 */
const MAX_SCANS = 100

/**
 * A block of 8x8 pixels takes one bit at the least, for no Huffman code is shorter: whoever sends fewer bytes than that
 * has not sent the picture that the header promises. A plain picture of 8192x4320 takes 104 kB at the least (measured
 * with libjpeg-turbo and mozjpeg: 64 to 340 pixels a byte).
 */
const MOST_BLOCKS_PER_BYTE = 8
/** A million pixels (4 MB in a browser) cost so little that their bytes need not be counted. */
const CHEAP_PIXELS = 1024 * 1024

/**
 * Says why an untrusted JPEG is not to be decoded: it would cost whoever does more than its bytes justify. Decodes
 * nothing, and looks through the data of those pictures only that have several scans.
 *
 * @param outline - That of the picture.
 * @param maxPixels - Default {@link MAX_PIXELS}.
 * @returns The reason, as a sentence about "it"; `undefined` when nothing is wrong.
 */
export function refuseJpeg(
  bytes: Uint8Array,
  outline: JpegOutline,
  maxPixels = MAX_PIXELS,
): string | undefined {
  const { width, height, scanAt } = outline
  if (width * height > maxPixels)
    return `it has ${width}x${height} pixels, more than the ${maxPixels} of the largest that is read`
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8)
  const scanBytes = bytes.length - scanAt
  if (width * height > CHEAP_PIXELS && blocks > scanBytes * MOST_BLOCKS_PER_BYTE)
    return `it says ${width}x${height}, of which ${scanBytes} bytes hold a part at the most`
  if (hasOneScan(outline)) return undefined
  const scans = countScans(bytes, outline)
  if (scans === undefined) return 'it does not end where its data does'
  return scans > MAX_SCANS ? `it has more than ${MAX_SCANS} scans` : undefined
}
