/** Size of a picture, in pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** The properties of a JPEG that the segments before its first scan give. */
export interface JpegOutline extends PictureSize {
  /** The second byte of the frame header's marker: C0 baseline, C2 progressive, C3 lossless, C9 and C10 arithmetic. */
  readonly frameMarker: number
  /** Bits per sample; 8 in every picture that browsers show. */
  readonly precision: number
  /** 1 grey, 3 colour, 4 CMYK or YCCK. */
  readonly components: number
  /** True when it contains Huffman tables, which Motion JPEG may leave out. */
  readonly hasHuffmanTables: boolean
  /** True when it contains a colour profile. */
  readonly hasProfile: boolean
  /** True when it says that more pictures follow it in the same file (MPF), as phones write them. */
  readonly hasFurther: boolean
  /** The start (after the signature) and end of the data of its Exif segment. */
  readonly exif: readonly [start: number, end: number] | undefined
  /** The position of the first scan's marker. */
  readonly scanAt: number
  /**
   * The number of components in the first scan; when these are all, and the picture is not progressive, it is the only
   * scan.
   */
  readonly scanComponents: number
}

// Real pictures have about ten segments, or a few hundred with a large colour profile; a hostile one could have
// millions.
const MAX_SEGMENTS = 1024
// A marker may be preceded by any number of FF bytes; writers use none, or align to a word.
const MAX_FILL_BYTES = 8

const DHT = 0xc4
const SOS = 0xda
const APP1 = 0xe1
const APP2 = 0xe2
const EXIF = 'Exif\0\0'
const PROFILE = 'ICC_PROFILE\0'
const FURTHER = 'MPF\0'

/**
 * Reads the size of an untrusted JPEG; see {@link readJpegOutline}.
 *
 * @param bytes - The whole picture. Every byte may be hostile.
 * @returns Pixels, each 1 to 65535; `undefined` when the bytes are not such a picture. Never throws.
 */
export function readJpegSize(bytes: Uint8Array): PictureSize | undefined {
  const outline = readJpegOutline(bytes)
  return outline && { width: outline.width, height: outline.height }
}

/**
 * Reads the properties of an untrusted JPEG from its marker segments, and checks the structure around them: SOI at the
 * start, segments that lie inside, one frame header (SOF) with sizes above zero before the first scan (SOS), and EOI as
 * the very last two bytes. The entropy-coded data is not examined, so a picture that passes may still be damaged; the
 * cost is that of a few segments, whatever the size.
 *
 * @param bytes - The whole picture. Every byte may be hostile.
 * @returns `undefined` when the bytes are not such a picture. Never throws.
 */
export function readJpegOutline(bytes: Uint8Array): JpegOutline | undefined {
  const { length } = bytes
  if (length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined
  if (bytes[length - 2] !== 0xff || bytes[length - 1] !== 0xd9) return undefined

  // The two bytes of EOI belong to no segment.
  const end = length - 2
  let frame: { frameMarker: number; frameAt: number } | undefined
  let hasHuffmanTables = false
  let hasProfile = false
  let hasFurther = false
  let exif: JpegOutline['exif']
  let position = 2
  for (let segments = 0; segments < MAX_SEGMENTS; segments++) {
    const segmentAt = position
    if (bytes[position] !== 0xff) return undefined
    const fillEnd = position + MAX_FILL_BYTES
    do position++
    while (bytes[position] === 0xff && position <= fillEnd)
    const marker = bytes[position++]
    if (marker === undefined || !hasLength(marker) || position + 2 > end) return undefined
    const segmentLength = readUint16(bytes, position)
    const next = position + segmentLength
    if (segmentLength < 2 || next > end) return undefined
    if (marker === SOS) {
      if (!frame) return undefined
      const { frameMarker, frameAt } = frame
      return {
        height: readUint16(bytes, frameAt + 3),
        width: readUint16(bytes, frameAt + 5),
        precision: bytes[frameAt + 2] as number,
        components: bytes[frameAt + 7] as number,
        frameMarker,
        hasHuffmanTables,
        hasProfile,
        hasFurther,
        exif,
        scanAt: segmentAt,
        scanComponents: bytes[position + 2] as number,
      }
    }
    if (isFrameHeader(marker)) {
      // Two frame headers mean two sizes: decoders differ in which one they use, so neither is accepted.
      if (frame || !isWholeFrameHeader(bytes, position, segmentLength)) return undefined
      frame = { frameMarker: marker, frameAt: position }
    } else if (marker === DHT) hasHuffmanTables = true
    else if (marker === APP1 && !exif && startsWith(bytes, position + 2, next, EXIF))
      exif = [position + 2 + EXIF.length, next]
    else if (marker === APP2) {
      hasProfile ||= startsWith(bytes, position + 2, next, PROFILE)
      hasFurther ||= startsWith(bytes, position + 2, next, FURTHER)
    }
    position = next
  }
  return undefined
}

/**
 * True when a segment with a length follows the marker; RSTn, SOI, EOI, TEM and the reserved ones do not belong here.
 */
function hasLength(marker: number): boolean {
  return marker >= 0xc0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd9)
}

/** SOF0 to SOF15; C4 is DHT, C8 is JPG, CC is DAC. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== DHT && marker !== 0xc8 && marker !== 0xcc
}

/** Length (2), precision (1), height (2), width (2), components (1), then 3 bytes for each component. */
function isWholeFrameHeader(bytes: Uint8Array, position: number, segmentLength: number): boolean {
  if (segmentLength < 11) return false
  const height = readUint16(bytes, position + 3)
  const width = readUint16(bytes, position + 5)
  const components = bytes[position + 7] as number
  return width !== 0 && height !== 0 && components !== 0 && segmentLength === 8 + 3 * components
}

function startsWith(bytes: Uint8Array, position: number, end: number, text: string): boolean {
  if (position + text.length > end) return false
  for (let index = 0; index < text.length; index++)
    if (bytes[position + index] !== text.charCodeAt(index)) return false
  return true
}

function readUint16(bytes: Uint8Array, position: number): number {
  return ((bytes[position] as number) << 8) | (bytes[position + 1] as number)
}
