import { refuseJpeg } from '../jpeg-limits.ts'
import { countScans, hasOneScan } from '../jpeg-scans.ts'
import { readJpegOutline, type PictureSize } from '../jpeg-structure.ts'
import { invalid, type Rejection } from './codec.ts'

/**
 * Checks a picture from outside before it is passed on: players and browsers decode any picture, whatever memory that
 * takes. For codecs of any format.
 *
 * @returns Its size, or why it is refused.
 */
export function checkReceivedJpeg(data: Uint8Array): PictureSize | Rejection {
  const outline = readJpegOutline(data)
  if (!outline) return invalid('the picture is not a complete JPEG')
  if (refuseJpeg(data, outline) !== undefined)
    return invalid('the picture would cost more to decode than its bytes justify')
  // For pictures with several scans, this was found by counting them.
  if (hasOneScan(outline) && countScans(data, outline) === undefined)
    return invalid('the picture is followed by something else')
  return { width: outline.width, height: outline.height }
}
