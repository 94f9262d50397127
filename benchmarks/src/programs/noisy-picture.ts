import { encodeJpeg } from '@zcast/media'

const [WIDTH, HEIGHT] = [1920, 1080]
const NOISE = 12
const QUALITIES = [95, 90, 85, 80, 75, 70, 65, 60, 50, 40, 30, 20, 10]

/** A 1080p picture as a camera makes it, with noise, of at most so many bytes: it takes as long to decode as a real one. */
export async function noisyPicture(bytes: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(WIDTH * HEIGHT * 3)
  for (let at = 0; at < pixels.length; at++) {
    const [column, row] = [Math.floor(at / 3) % WIDTH, Math.floor(at / 3 / WIDTH)]
    pixels[at] = 64 + 96 * Math.sin(column / 90) ** 2 + (row * 64) / HEIGHT + Math.random() * NOISE
  }
  for (const quality of QUALITIES) {
    const jpeg = await encodeJpeg(pixels, WIDTH, HEIGHT, quality)
    if (jpeg.byteLength <= bytes) return jpeg
  }
  throw new RangeError(`a picture of ${WIDTH}x${HEIGHT} takes more than ${bytes} bytes`)
}
