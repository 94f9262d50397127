import { decodeJpeg, encodeJpeg } from './jpeg.ts'

/** Bright enough to see what was there, dark enough not to be taken for what is. */
const BRIGHTNESS = 0.35

/**
 * An untrusted JPEG in the same size, darkened: what is shown while nothing new comes.
 *
 * @returns JPEG bytes; owned by the caller.
 * @throws {@link CodecError} `ERR_FRAME` as for {@link decodeJpeg}.
 */
export async function dimJpeg(bytes: Uint8Array): Promise<Uint8Array> {
  const { pixels, width, height } = await decodeJpeg(bytes)
  const dimmed = Uint8Array.from(pixels, (value) => Math.round(value * BRIGHTNESS))
  return encodeJpeg(dimmed, width, height)
}
