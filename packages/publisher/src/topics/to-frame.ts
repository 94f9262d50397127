import { checkReceivedJpeg, CodecError, type Frame, MAX_MESSAGE_BYTES } from '@zcast/shared'

/** The largest picture, in bytes: what fits a message beside its header. */
const MAX_PICTURE_BYTES = MAX_MESSAGE_BYTES - 1024

/**
 * Makes a frame of a JPEG picture, whose bytes are copied.
 *
 * @param time - The capture time, in seconds since the Unix epoch.
 * @throws {@link CodecError} `ERR_FRAME`, `ERR_VALUE` or `ERR_MESSAGE_SIZE` when it cannot be sent.
 */
export function toFrame(jpeg: Uint8Array, time: number): Frame {
  if (!(jpeg instanceof Uint8Array)) {
    throw new CodecError(
      'ERR_VALUE',
      'a topic of video sends the bytes of JPEG pictures, as a Buffer or a Uint8Array',
    )
  }
  if (jpeg.byteLength > MAX_PICTURE_BYTES) {
    throw new CodecError(
      'ERR_MESSAGE_SIZE',
      `a picture of ${jpeg.byteLength} bytes does not fit a message: send smaller ones (at most ${MAX_PICTURE_BYTES})`,
    )
  }
  const data = new Uint8Array(jpeg)
  const picture = checkReceivedJpeg(data)
  if ('rejected' in picture) {
    throw new CodecError('ERR_FRAME', `this cannot be sent as a picture: ${picture.reason}`)
  }
  return { kind: 'video', time, width: picture.width, height: picture.height, format: 'jpeg', data }
}
