import { CodecError, MAX_PIXELS } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import type { RawPicture } from './raw-picture.ts'
import { sharp, TIME_LIMIT_SECONDS } from './sharp.ts'

/**
 * Decodes an untrusted picture of a common format (PNG, WebP, GIF), upright as its Exif data says and in sRGB;
 * transparent parts become black. The caller must have detected the format from its first bytes.
 *
 * @param width - Pixels, 1 to 65535; the height follows. Default: the picture's own.
 * @throws {@link CodecError} `ERR_FRAME` when the bytes are not such a picture, are damaged, or have too many pixels.
 */
export async function decodePicture(bytes: Uint8Array, width?: number): Promise<RawPicture> {
  try {
    const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', autoOrient: true })
    picture.timeout({ seconds: TIME_LIMIT_SECONDS })
    if (width !== undefined) picture.resize({ width })
    const opaque = picture.toColourspace('srgb').flatten().removeAlpha()
    const { data, info } = await opaque.raw().toBuffer({ resolveWithObject: true })
    return { pixels: data, width: info.width, height: info.height }
  } catch (error) {
    throw new CodecError('ERR_FRAME', `cannot decode the picture: ${errorMessage(error)}`, { cause: error })
  }
}
