/** Size of a picture, in pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

// Real pictures have some ten segments, or a few hundred with a large colour profile; a hostile one could have millions.
const MAX_SEGMENTS = 1024
// A marker may be preceded by any number of FF bytes; writers put none, or align to a word.
const MAX_FILL_BYTES = 8

/**
 * Reads the size of an untrusted JPEG from its marker segments, and checks the structure around them: SOI at the
 * start, segments that lie inside, one frame header (SOF) with sizes above zero before the first scan (SOS), and EOI
 * as the very last two bytes. The entropy-coded data is not looked at, so a picture that passes may still be damaged;
 * the cost is that of a few segments, whatever the size.
 *
 * @param bytes - The whole picture. Every byte may be hostile.
 * @returns Pixels, each 1 to 65535; `undefined` when it is not such a picture. Never throws.
 */
export function readJpegSize(bytes: Uint8Array): PictureSize | undefined {
  const { length } = bytes
  if (length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined
  if (bytes[length - 2] !== 0xff || bytes[length - 1] !== 0xd9) return undefined

  // The two bytes of EOI belong to no segment.
  const end = length - 2
  let size: PictureSize | undefined
  let position = 2
  for (let segments = 0; segments < MAX_SEGMENTS; segments++) {
    if (bytes[position] !== 0xff) return undefined
    const fillEnd = position + MAX_FILL_BYTES
    do position++
    while (bytes[position] === 0xff && position <= fillEnd)
    const marker = bytes[position++]
    if (marker === undefined || !hasLength(marker) || position + 2 > end) return undefined
    const segmentLength = readUint16(bytes, position)
    const next = position + segmentLength
    if (segmentLength < 2 || next > end) return undefined
    if (marker === 0xda) return size
    if (isFrameHeader(marker)) {
      // Two frame headers mean two sizes: which one a decoder believes is its own affair, so neither is.
      if (size) return undefined
      size = readFrameHeader(bytes, position, segmentLength)
      if (!size) return undefined
    }
    position = next
  }
  return undefined
}

/** Whether a segment with a length follows the marker; RSTn, SOI, EOI, TEM and the reserved ones have no place here. */
function hasLength(marker: number): boolean {
  return marker >= 0xc0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd9)
}

/** SOF0 to SOF15; C4 is DHT, C8 is JPG, CC is DAC. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** Length (2), precision (1), height (2), width (2), components (1), then 3 bytes for each component. */
function readFrameHeader(
  bytes: Uint8Array,
  position: number,
  segmentLength: number,
): PictureSize | undefined {
  if (segmentLength < 11) return undefined
  const height = readUint16(bytes, position + 3)
  const width = readUint16(bytes, position + 5)
  const components = bytes[position + 7] as number
  if (width === 0 || height === 0 || components === 0 || segmentLength !== 8 + 3 * components)
    return undefined
  return { width, height }
}

function readUint16(bytes: Uint8Array, position: number): number {
  return ((bytes[position] as number) << 8) | (bytes[position + 1] as number)
}
