import { refuseJpeg } from '../jpeg-limits.ts'
import { countScans } from '../jpeg-scans.ts'
import { readJpegOutline } from '../jpeg-structure.ts'
import { invalid, type Rejection } from './codec.ts'

/** The size of a picture, in pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/**
 * Checks a picture from outside before anybody is given it: players and browsers decode what they get, whatever memory that
 * takes. For codecs of any format.
 */
export function checkJpeg(data: Uint8Array): PictureSize | Rejection {
  const outline = readJpegOutline(data)
  if (!outline) return invalid('the picture is not a complete JPEG')
  if (refuseJpeg(data, outline) !== undefined)
    return invalid('the picture would cost more to decode than its bytes justify')
  if (countScans(data, outline) === undefined) return invalid('the picture is followed by something else')
  return { width: outline.width, height: outline.height }
}
