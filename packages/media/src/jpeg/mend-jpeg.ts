import { endsAt, followScans, hasOneScan, readJpegOutline } from '@zcast/shared/internal'

const SOS = 0xda
const PICTURE = Buffer.from([0xff, 0xd8, 0xff])
const END = Buffer.from([0xff, 0xd9])
/** A program that saves what a camera sent may save the HTTP headers before the picture too. */
const MOST_BEFORE = 1024
/** The number of fill bytes allowed before a marker. */
const MOST_FILL = 8

/** A JPEG of complete structure. */
export interface MendedJpeg {
  /** The original bytes, a view of them, or a repaired copy. */
  readonly jpeg: Uint8Array
  /** True when the picture had no end of its own: only a decoder can tell how much of its last scan is missing. */
  readonly endMissing: boolean
}

/**
 * Finds the one picture in the bytes of a JPEG file, as programs and devices write them: anything before SOI or after
 * EOI (a phone's trailer, a video, further pictures) is cut off, a second SOI and bytes between segments are left out,
 * and a missing EOI is added. The picture is followed to its own end, so that a thumbnail's end is not taken for it.
 *
 * @param bytes - A whole file, or the part of it that was written. Every byte may be hostile.
 * @returns `undefined` when there is no such picture, or none of its data.
 */
export function mendJpeg(bytes: Uint8Array): MendedJpeg | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = file.subarray(0, MOST_BEFORE).indexOf(PICTURE)
  const head = start === -1 ? undefined : findHead(file, start)
  if (!head) return undefined
  const { parts, partAt, scanAt, dataAt } = head
  const outline = readJpegOutline(Buffer.concat([...parts, file.subarray(partAt, dataAt), END]))
  if (!outline) return undefined
  // After a single scan without an end comes a trailer, in which anything may look like a table.
  const data = followScans(file, scanAt, hasOneScan(outline) ? 1 : undefined)
  const end = endsAt(file, data.end)
  parts.push(file.subarray(partAt, end ?? data.end))
  if (end === undefined) parts.push(END)
  const [whole] = parts
  return { jpeg: whole && parts.length === 1 ? whole : Buffer.concat(parts), endMissing: end === undefined }
}

interface Head {
  /** The parts of the file that belong to the picture, in order, up to `partAt`. */
  readonly parts: Buffer[]
  readonly partAt: number
  /** The start of the first scan, including its data. */
  readonly scanAt: number
  readonly dataAt: number
}

/** Collects the segments before the data, without bytes that do not belong there. */
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

/** Finds the next marker: the position of its FF, the last one when there are several. */
function findMarker(file: Buffer, from: number): number | undefined {
  let at = file.indexOf(0xff, from)
  while (at !== -1 && (file[at + 1] === 0xff || file[at + 1] === 0)) at = file.indexOf(0xff, at + 1)
  return at === -1 ? undefined : at
}

/** True when a segment with a length follows; other markers do not belong before the data. */
function hasLength(marker: number): boolean {
  return marker >= 0xc0 && !(marker >= 0xd0 && marker <= 0xd9)
}
