import { readJpegOutline } from '../jpeg-structure.ts'

const EOI = 0xd9
const SOS = 0xda
const PICTURE = Buffer.from([0xff, 0xd8, 0xff])
const END = Buffer.from([0xff, EOI])
/** A program that saves what a camera sent may save the headers before the picture too. */
const MOST_BEFORE = 1024
/** Fill bytes that may stand before a marker. */
const MOST_FILL = 8

/** A JPEG whose structure is whole. */
export interface MendedJpeg {
  /** The bytes as they came, a view of them, or a mended copy. */
  readonly jpeg: Uint8Array
  /** Whether it had no end of its own: how much of its last scan is missing, only a decoder can tell. */
  readonly endMissing: boolean
}

/**
 * Finds the one picture in the bytes of a JPEG file, as the world writes them: what comes before SOI or after EOI (a
 * phone's trailer, a video, further pictures) is cut off, a second SOI and what stands between segments is left out,
 * and a missing EOI is put at the end. The picture itself is followed to its own end, so that a thumbnail's is not taken
 * for it.
 *
 * @param bytes - A whole file, or what was written of it. Every byte may be hostile.
 * @returns `undefined` when there is no such picture, or nothing of its data.
 */
export function mendJpeg(bytes: Uint8Array): MendedJpeg | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = file.subarray(0, MOST_BEFORE).indexOf(PICTURE)
  if (start === -1) return undefined
  const { parts, endMissing } = followPicture(file, start)
  const [first] = parts
  const jpeg =
    first && parts.length === 1 && !endMissing ? first : Buffer.concat(endMissing ? [...parts, END] : parts)
  return readJpegOutline(jpeg) && { jpeg, endMissing }
}

/** Follows a picture from SOI to EOI, or as far as it goes. @returns What of the file belongs to it, in order. */
function followPicture(file: Buffer, start: number): { parts: readonly Buffer[]; endMissing: boolean } {
  const parts: Buffer[] = []
  let partAt = start
  let sawScan = false
  let at = start + 2
  for (;;) {
    const markerAt = findMarker(file, at)
    const marker = markerAt === undefined ? undefined : file[markerAt + 1]
    if (markerAt === undefined || marker === undefined) break
    const isSegment = hasLength(marker)
    // What cannot follow a scan begins another picture, or is rubbish: this one lost its end.
    if (sawScan && !isSegment && marker !== EOI) break
    const isJunk = markerAt - at > MOST_FILL || file.subarray(at, markerAt).some((byte) => byte !== 0xff)
    if (isJunk || (!isSegment && marker !== EOI)) {
      parts.push(file.subarray(partAt, at))
      partAt = isSegment || marker === EOI ? markerAt : markerAt + 2
    }
    if (marker === EOI) return { parts: [...parts, file.subarray(partAt, markerAt + 2)], endMissing: false }
    at = markerAt + 2
    if (!isSegment) continue
    const end = at + 2 <= file.length ? at + file.readUInt16BE(at) : Infinity
    if (end > file.length) {
      at = markerAt
      break
    }
    at = end
    if (marker !== SOS) continue
    sawScan = true
    at = findScanEnd(file, end)
  }
  return { parts: [...parts, file.subarray(partAt, at)], endMissing: true }
}

/** Where the next marker is: its FF, the last one where there are several. */
function findMarker(file: Buffer, from: number): number | undefined {
  let at = file.indexOf(0xff, from)
  while (at !== -1 && (file[at + 1] === 0xff || file[at + 1] === 0)) at = file.indexOf(0xff, at + 1)
  return at === -1 ? undefined : at
}

/** Where the data of a scan ends: before the first marker that is no part of it. */
function findScanEnd(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at !== -1; at = file.indexOf(0xff, at)) {
    const next = file[at + 1]
    if (next === 0 || (next !== undefined && next >= 0xd0 && next <= 0xd7)) at += 2
    else if (next === 0xff) at += 1
    else return at
  }
  return file.length
}

/** Whether a segment with a length follows; other markers have no place before a scan, and after one but EOI. */
function hasLength(marker: number): boolean {
  return marker >= 0xc0 && !(marker >= 0xd0 && marker <= EOI)
}
