/** The position of the index in an MP4 (or QuickTime) file, whose data cannot be read without it. */
export type IndexPlace = 'front' | 'end'

/** Advice for a file whose index is at its end and cannot be read from there, as the end of a sentence. */
export const MOVE_INDEX_ADVICE =
  'the index of this MP4 is at its end, which is too late for a stream: move it to the front with ' +
  '"ffmpeg -i in.mp4 -c copy -movflags +faststart out.mp4", or give the name of the file'

/** No box before the index or the data is this long, except padding, which is no reason to wait. */
const LONGEST_LOOK_BYTES = 64 * 1024
const HEADER_BYTES = 8
const LARGE_HEADER_BYTES = 16
/** The boxes with which such a file begins; anything else is another container. */
const FIRST_BOXES = new Set(['ftyp', 'wide', 'free', 'skip', 'mdat', 'moov', 'pnot'])
/** The index itself, or its equivalent in a fragmented file. */
const INDEX_BOXES = new Set(['moov', 'moof', 'styp', 'sidx'])

/**
 * Tells from the first bytes of a file whether its index is at its end. Every byte may be hostile.
 *
 * @param first - The bytes received so far, from the first one on.
 * @returns `front` also for other formats than MP4; `undefined` when more bytes are needed, at most 64 KiB.
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
    // 1 stands for a 64-bit size, 0 for the rest of the file.
    if (size === 1 && at + LARGE_HEADER_BYTES > bytes.length) return undefined
    const length = size === 1 ? Number(bytes.readBigUInt64BE(at + HEADER_BYTES)) : size
    if (length < HEADER_BYTES) return 'front'
    at += length
  }
  return at > LONGEST_LOOK_BYTES ? 'front' : undefined
}
