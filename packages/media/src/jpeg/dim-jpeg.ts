import { decodeJpeg, encodeJpeg } from './jpeg.ts'

/** Bright enough to recognise the picture, dark enough not to be taken for a live one. */
const BRIGHTNESS = 0.35

/**
 * Darkens an untrusted JPEG without changing its size, to be shown while nothing new comes.
 *
 * @returns JPEG bytes; owned by the caller.
 * @throws {@link CodecError} `ERR_FRAME` as for {@link decodeJpeg}.
 */
export async function dimJpeg(bytes: Uint8Array): Promise<Uint8Array> {
  const { pixels, width, height } = await decodeJpeg(bytes)
  const dimmed = Uint8Array.from(pixels, (value) => Math.round(value * BRIGHTNESS))
  return encodeJpeg(dimmed, width, height)
}
