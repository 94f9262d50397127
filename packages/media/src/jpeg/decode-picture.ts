import { CodecError, errorMessage, MAX_PIXELS } from '@zcast/shared'
import type { RawPicture } from './raw-picture.ts'
import { sharp, TIME_LIMIT_SECONDS } from './sharp.ts'

/**
 * Decodes an untrusted picture of a format that is common (PNG, WebP, GIF), upright as its camera says and in sRGB; what
 * is transparent becomes black. Its format must have been told by its first bytes.
 *
 * @param width - Pixels, 1 to 65535; the height follows. Default: its own.
 * @throws {@link CodecError} `ERR_FRAME` when it is no such picture, is damaged, or has too many pixels.
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
