import { hasAllData, mendJpeg } from '@zcast/media'

/** The boundary and headers of the next part, with an empty line at their end. */
const NEXT_PART = /(?:\r?\n)*[ -~]{1,200}\r?\n(?:[\w-]+[ \t]*:[ -~\t]*\r?\n)+\r?\n$/
const MAX_PART_HEAD_BYTES = 1024

/** True when a picture of a stream has its end. */
export function isWhole(jpeg: Uint8Array): boolean {
  return jpeg.at(-2) === 0xff && jpeg.at(-1) === 0xd9
}

/**
 * Adds an end to a picture that came without one; some cameras send all of theirs like that.
 *
 * @param bytes - From its SOI to the next picture's; the head of a part may be between them.
 * @returns `undefined` when data is missing too.
 */
export async function mendCutOff(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const tail = Buffer.from(bytes.subarray(-MAX_PART_HEAD_BYTES)).toString('latin1')
  const head = NEXT_PART.exec(tail)?.[0].length ?? 0
  const mended = mendJpeg(bytes.subarray(0, bytes.length - head))
  const isComplete = mended && (await hasAllData(mended.jpeg).catch(() => false))
  return isComplete ? mended.jpeg : undefined
}
