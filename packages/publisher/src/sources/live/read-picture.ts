import { errorMessage } from '@zcast/shared/internal'
import {
  decodePicture,
  detectPictureFormat,
  encodeJpeg,
  hasAllData,
  mendJpeg,
  prepareJpeg,
  READ_FORMATS,
  type CapturedJpeg,
  type JpegWishes,
} from '@zcast/media'

/**
 * The result of reading the bytes of a file: a picture to send, or the reason why there is none, as a clause about
 * "it".
 */
export type PictureReading =
  | {
      readonly picture: CapturedJpeg
      /** True when data is missing at its end: it is still being written, or damaged. */
      readonly isCutShort: boolean
      /**
       * True when its end was there; without it, a picture that is being written may look complete where space was
       * reserved.
       */
      readonly hasEnd: boolean
    }
  | { readonly refusal: string }

/** Returns why the first bytes of a file are not those of a readable picture, as a clause about "it". */
export function refuseFormat(head: Uint8Array): string | undefined {
  if (head.length === 0) return 'it is empty'
  const format = detectPictureFormat(head)
  if (!format) return `it is not a picture: ${READ_FORMATS}`
  return format.isRead ? undefined : `it is ${format.name}: ${READ_FORMATS}`
}

/**
 * Turns the bytes of a file into a picture to send: a valid JPEG is left unchanged, others are repaired; other formats
 * are encoded. The format is recognised from the bytes, and only supported formats reach a decoder.
 *
 * @param bytes - A whole file, or the part that has been written so far. Every byte may be hostile.
 */
export async function readPicture(bytes: Uint8Array, wishes: JpegWishes): Promise<PictureReading> {
  const refusal = refuseFormat(bytes)
  if (refusal !== undefined) return { refusal }
  try {
    const isJpeg = detectPictureFormat(bytes)?.name === 'JPEG'
    return isJpeg ? await readJpeg(bytes, wishes) : await convert(bytes, wishes)
  } catch (error) {
    return { refusal: errorMessage(error) }
  }
}

async function readJpeg(bytes: Uint8Array, wishes: JpegWishes): Promise<PictureReading> {
  const mended = mendJpeg(bytes)
  if (!mended) return { refusal: 'it is not a complete JPEG picture' }
  const { data, width, height } = await prepareJpeg(mended.jpeg, wishes)
  const isCutShort = mended.endMissing && !(await hasAllData(mended.jpeg))
  return { picture: { jpeg: data, prepared: { width, height } }, isCutShort, hasEnd: !mended.endMissing }
}

async function convert(bytes: Uint8Array, { width, quality = 80 }: JpegWishes): Promise<PictureReading> {
  const { pixels, ...prepared } = await decodePicture(bytes, width)
  const jpeg = await encodeJpeg(pixels, prepared.width, prepared.height, quality)
  return { picture: { jpeg, prepared }, isCutShort: false, hasEnd: true }
}
