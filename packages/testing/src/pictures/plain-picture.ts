import type { Envelope } from '@zcast/shared'
import { encodeJpeg } from '@zcast/media'

/** A JPEG of one colour. */
export function plainPicture(
  width: number,
  height: number,
  colour: readonly [number, number, number],
): Promise<Uint8Array> {
  const pixels = new Uint8Array(width * height * 3)
  for (let at = 0; at < pixels.length; at += 3) pixels.set(colour, at)
  return encodeJpeg(pixels, width, height, 90)
}

/** A picture in its envelope. */
export function pictureEnvelope(
  picture: { data: Uint8Array; width: number; height: number; seq?: number | undefined; time?: number },
  topic = 'video/main',
): Envelope {
  return { topic, epoch: 1, block: { kind: 'video', format: 'jpeg', seq: 0, time: 0, ...picture } }
}
