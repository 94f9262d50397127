import { encodeJpeg } from '@zcast/media'

/** A picture of one colour. */
export async function solidPicture(rgb: number, width = 64, height = 48): Promise<Uint8Array> {
  const pixels = new Uint8Array(width * height * 3)
  for (let at = 0; at < pixels.length; at += 3) pixels.set([rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff], at)
  return encodeJpeg(pixels, width, height, 90)
}
