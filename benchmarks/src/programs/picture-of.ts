import { encodeJpeg } from '@zcast/media'

/** Pixels of {@link pictureOf}. */
export const WIDTH = 640
export const HEIGHT = 360

const MOST_IN_A_SEGMENT = 65_535
const MARKER_BYTES = 2

/** A grey JPEG of exactly so many bytes, 20,000 or more: comments fill it up. */
export async function pictureOf(bytes: number): Promise<Uint8Array> {
  const jpeg = await encodeJpeg(new Uint8Array(WIDTH * HEIGHT * 3).fill(128), WIDTH, HEIGHT)
  const comments: Buffer[] = []
  for (let left = bytes - jpeg.byteLength; left > 0;) {
    // What is left must be none, or enough for a segment with its marker and its length.
    const most = Math.min(left, MOST_IN_A_SEGMENT + MARKER_BYTES)
    const size = left - most > 0 && left - most < 4 ? most - 4 : most
    const comment = Buffer.alloc(size, 'z')
    comment.writeUInt16BE(0xff_fe)
    comment.writeUInt16BE(size - MARKER_BYTES, MARKER_BYTES)
    comments.push(comment)
    left -= size
  }
  return Buffer.concat([jpeg.subarray(0, 2), ...comments, jpeg.subarray(2)])
}
