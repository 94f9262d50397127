import { readJpegOutline } from '@zcast/shared'
import { endsAt, followScans, hasOneScan } from '@zcast/shared/internal'

const SOS = 0xda
const PICTURE = Buffer.from([0xff, 0xd8, 0xff])
const END = Buffer.from([0xff, 0xd9])
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
  const head = start === -1 ? undefined : findHead(file, start)
  if (!head) return undefined
  const { parts, partAt, scanAt, dataAt } = head
  const outline = readJpegOutline(Buffer.concat([...parts, file.subarray(partAt, dataAt), END]))
  if (!outline) return undefined
  // What follows the only scan without an end is a trailer, in which anything may look like a table.
  const data = followScans(file, scanAt, hasOneScan(outline) ? 1 : undefined)
  const end = endsAt(file, data.end)
  parts.push(file.subarray(partAt, end ?? data.end))
  if (end === undefined) parts.push(END)
  const [whole] = parts
  return { jpeg: whole && parts.length === 1 ? whole : Buffer.concat(parts), endMissing: end === undefined }
}

interface Head {
  /** What of the file belongs to the picture, in order, up to `partAt`. */
  readonly parts: Buffer[]
  readonly partAt: number
  /** Where the first scan begins, and its data. */
  readonly scanAt: number
  readonly dataAt: number
}

/** The segments before the data; without what has no place there. */
function findHead(file: Buffer, start: number): Head | undefined {
  const parts: Buffer[] = []
  let partAt = start
  for (let at = start + 2; ;) {
    const markerAt = findMarker(file, at)
    const marker = markerAt === undefined ? undefined : file[markerAt + 1]
    if (markerAt === undefined || marker === undefined || markerAt + 4 > file.length) return undefined
    const isSegment = hasLength(marker)
    const isJunk = markerAt - at > MOST_FILL || file.subarray(at, markerAt).some((byte) => byte !== 0xff)
    if (isJunk || !isSegment) {
      parts.push(file.subarray(partAt, at))
      partAt = isSegment ? markerAt : markerAt + 2
    }
    const end = isSegment ? markerAt + 2 + file.readUInt16BE(markerAt + 2) : markerAt + 2
    if (end > file.length) return undefined
    if (marker === SOS) return { parts, partAt, scanAt: markerAt, dataAt: end }
    at = end
  }
}

/** Where the next marker is: its FF, the last one where there are several. */
function findMarker(file: Buffer, from: number): number | undefined {
  let at = file.indexOf(0xff, from)
  while (at !== -1 && (file[at + 1] === 0xff || file[at + 1] === 0)) at = file.indexOf(0xff, at + 1)
  return at === -1 ? undefined : at
}

/** Whether a segment with a length follows; other markers have no place before the data. */
function hasLength(marker: number): boolean {
  return marker >= 0xc0 && !(marker >= 0xd0 && marker <= 0xd9)
}
