import { checkReceivedJpeg, invalid, type Rejection } from '@zcast/shared'
import { readPixels, type PixelArray, type PixelFrame } from './pixels.ts'

/** What a part of a message shows. */
export type PicturePart = Omit<PixelFrame, 'channels' | 'seq' | 'time'> &
  Partial<Pick<PixelFrame, 'channels'>>

/** Reads a part that should be a whole JPEG. */
export function readJpegPart(data: Uint8Array): PicturePart | Rejection {
  const size = checkReceivedJpeg(data)
  return 'rejected' in size ? size : { kind: 'video', ...size, format: 'jpeg', data }
}

/** Reads a part that is an array of numpy: pixels, or an encoded JPEG that was sent as one. */
export function readArrayPart(array: PixelArray): PicturePart | Rejection {
  const { shape, data, dtype } = array
  if (Array.isArray(shape) && isFlat(shape)) {
    return dtype === 'uint8' && data[0] === 0xff && data[1] === 0xd8
      ? readJpegPart(data)
      : invalid('the shape is not that of a picture')
  }
  const pixels = readPixels(array)
  return 'rejected' in pixels ? pixels : { kind: 'video', format: 'jpeg', ...pixels }
}

/** True for `[n]` and `[n, 1]`: what `cv2.imencode` returns. */
function isFlat(shape: readonly unknown[]): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1] === 1)
}
