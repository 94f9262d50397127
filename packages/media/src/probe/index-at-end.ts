/** Where an MP4 (or QuickTime) file has its index, without which its data means nothing. */
export type IndexPlace = 'front' | 'end'

/** What to do about a file with its index at its end that cannot be read from there, as the end of a sentence. */
export const MOVE_INDEX_ADVICE =
  'the index of this MP4 is at its end, where it comes too late: move it to the front with ' +
  '"ffmpeg -i in.mp4 -c copy -movflags +faststart out.mp4", or give the name of the file'

/** No box that precedes the index or the data is this long, but for padding, which is no reason to wait. */
const LONGEST_LOOK_BYTES = 64 * 1024
const HEADER_BYTES = 8
const LARGE_HEADER_BYTES = 16
/** What such a file begins with; anything else is another container. */
const FIRST_BOXES = new Set(['ftyp', 'wide', 'free', 'skip', 'mdat', 'moov', 'pnot'])
/** The index itself, or what a file in fragments has in its place. */
const INDEX_BOXES = new Set(['moov', 'moof', 'styp', 'sidx'])

/**
 * Tells from its begin whether a file has its index at its end. Every byte may be hostile.
 *
 * @param first - The file from its first byte on, as far as it has come.
 * @returns `front` also for what is no MP4; `undefined` when more bytes are needed, 64 KiB at most.
 */
export function findIndexPlace(first: Uint8Array): IndexPlace | undefined {
  const { buffer, byteOffset, byteLength } = first
  const bytes = Buffer.from(buffer, byteOffset, byteLength)
  let at = 0
  while (at + HEADER_BYTES <= bytes.length) {
    const type = bytes.toString('latin1', at + 4, at + HEADER_BYTES)
    if (INDEX_BOXES.has(type) || (at === 0 && !FIRST_BOXES.has(type))) return 'front'
    if (type === 'mdat') return 'end'
    const size = bytes.readUInt32BE(at)
    // 1 stands for a size of 64 bits, 0 for all of the rest.
    if (size === 1 && at + LARGE_HEADER_BYTES > bytes.length) return undefined
    const length = size === 1 ? Number(bytes.readBigUInt64BE(at + HEADER_BYTES)) : size
    if (length < HEADER_BYTES) return 'front'
    at += length
  }
  return at > LONGEST_LOOK_BYTES ? 'front' : undefined
}
