import { encodeJpeg } from '@zcast/media'

/** The colours of {@link quadrants}, from the upper left to the lower right: red, green, blue, white. */
export const CORNERS = [
  [220, 0, 0],
  [0, 200, 0],
  [0, 0, 220],
  [240, 240, 240],
] as const

/** RGB of a picture whose four quarters have four colours. */
export function quadrants(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)]
    return CORNERS[(x < width / 2 ? 0 : 1) + (y < height / 2 ? 0 : 2)]?.[index % 3] ?? 0
  })
}

/** The colours near the four corners of an RGB picture, in the order of {@link CORNERS}. */
export function cornersOf(pixels: Uint8Array, width: number, height: number): number[][] {
  const at = (x: number, y: number): number[] => [
    ...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
  ]
  return [at(2, 2), at(width - 3, 2), at(2, height - 3), at(width - 3, height - 3)]
}

/** The largest difference between two sets of colours. */
export function farthest(
  some: readonly (readonly number[])[],
  others: readonly (readonly number[])[],
): number {
  return Math.max(
    ...some.flatMap((colour, i) => colour.map((value, k) => Math.abs(value - (others[i]?.[k] ?? 1000)))),
  )
}

/** A segment of a JPEG. */
export function segment(marker: number, payload: Uint8Array): Buffer {
  const length = payload.length + 2
  return Buffer.concat([Buffer.of(0xff, marker, length >> 8, length & 255), payload])
}

/** The Exif segment that gives the orientation of a picture. */
export function exifSegment(orientation: number, byteOrder: 'II' | 'MM' = 'MM'): Buffer {
  const big = byteOrder === 'MM'
  const tiff = Buffer.alloc(26)
  tiff.write(byteOrder, 'latin1')
  const put16 = (value: number, at: number): unknown =>
    big ? tiff.writeUInt16BE(value, at) : tiff.writeUInt16LE(value, at)
  const put32 = (value: number, at: number): unknown =>
    big ? tiff.writeUInt32BE(value, at) : tiff.writeUInt32LE(value, at)
  put16(42, 2)
  put32(8, 4)
  put16(1, 8)
  put16(0x0112, 10)
  put16(3, 12)
  put32(1, 14)
  put16(orientation, 18)
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]))
}

/** A JPEG with something right after its SOI. */
export function withSegment(jpeg: Uint8Array, added: Uint8Array): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), added, jpeg.subarray(2)])
}

/** {@link quadrants} as stored by a camera that was held in another way: it is upright once it is turned. */
export async function turnedQuadrants(
  width: number,
  height: number,
  orientation: number,
  byteOrder?: 'II' | 'MM',
): Promise<Buffer> {
  const upright = quadrants(width, height)
  const [storedWidth, storedHeight] = orientation >= 5 ? [height, width] : [width, height]
  const stored = new Uint8Array(upright.length)
  for (let y = 0; y < storedHeight; y++) {
    for (let x = 0; x < storedWidth; x++) {
      const [right, bottom] = [width - 1, height - 1]
      const [uprightX, uprightY] = uprightAt(x, y, [right, bottom], orientation)
      const from = (uprightY * width + uprightX) * 3
      stored.set(upright.subarray(from, from + 3), (y * storedWidth + x) * 3)
    }
  }
  const jpeg = await encodeJpeg(stored, storedWidth, storedHeight, 95)
  return withSegment(jpeg, exifSegment(orientation, byteOrder))
}

/**
 * The position of a stored pixel after the picture is turned. @param last - The last column and row of the upright
 * picture.
 */
function uprightAt(
  x: number,
  y: number,
  last: readonly [number, number],
  orientation: number,
): [number, number] {
  const [right, bottom] = last
  const [column, row] = orientation >= 5 ? [y, x] : [x, y]
  const isMirrored = [2, 3, 6, 7].includes(orientation)
  const isUpsideDown = [3, 4, 7, 8].includes(orientation)
  return [isMirrored ? right - column : column, isUpsideDown ? bottom - row : row]
}
