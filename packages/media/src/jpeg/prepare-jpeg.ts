import { CodecError, type PictureSize } from '@zcast/shared'
import { type JpegOutline, readJpegOutline, refuseJpeg } from '@zcast/shared/internal'
import { readOrientation } from './exif-orientation.ts'
import { withHuffmanTables } from './huffman-tables.ts'
import { hasAllData, resizeJpeg } from './jpeg.ts'
import { mendJpeg } from './mend-jpeg.ts'

/** The width and quality requested from {@link prepareJpeg}. */
export interface JpegWishes {
  /** Pixels of the upright picture. Default: its own. */
  readonly width?: number | undefined
  /** 1 to 100. Default: unchanged; 80 where the picture must be re-encoded. */
  readonly quality?: number | undefined
}

/** A JPEG and its size. */
export interface SizedJpeg extends PictureSize {
  readonly data: Uint8Array
}

/**
 * Turns a JPEG from outside into one that every receiver shows alike. Nearly all of them already are, and pass byte for
 * byte. Anything after the end is cut off; a picture that is rotated by its Exif data, has CMYK colours or is coded
 * arithmetically is re-encoded, because receivers differ in how they show it.
 *
 * @throws {@link CodecError} `ERR_FRAME` when it cannot be sent, with the reason as a clause about "it".
 */
export async function prepareJpeg(bytes: Uint8Array, { width, quality }: JpegWishes): Promise<SizedJpeg> {
  let data = bytes
  let outline = readJpegOutline(data)
  if (!outline || outline.hasFurther) {
    data = await trim(bytes)
    outline = readJpegOutline(data)
  }
  if (!outline) throw refused('it is not a complete JPEG picture')
  const refusal = refuseJpeg(data, outline) ?? refuseCoding(outline)
  if (refusal !== undefined) throw refused(refusal)
  const turned = outline.exif !== undefined && readOrientation(data, outline) !== 1
  const isWished = quality === undefined && (width === undefined || width === outline.width)
  if (!outline.hasHuffmanTables) data = withHuffmanTables(data, outline)
  if (isWished && !turned && outline.components !== 4 && !isArithmetic(outline))
    return { data, width: outline.width, height: outline.height }
  data = await resizeJpeg(data, { width, quality })
  const size = readJpegOutline(data)
  if (!size) throw refused('it could not be re-encoded')
  return { data, width: size.width, height: size.height }
}

async function trim(bytes: Uint8Array): Promise<Uint8Array> {
  const mended = mendJpeg(bytes)
  if (!mended) throw refused('it is not a complete JPEG picture')
  if (mended.endMissing && !(await hasAllData(mended.jpeg))) throw refused('it is cut short')
  return mended.jpeg
}

/** C9 and above is arithmetic coding, which no browser reads. */
function isArithmetic({ frameMarker }: JpegOutline): boolean {
  return frameMarker > 0xc8
}

/**
 * Almost nothing reads the remaining kinds: lossless and hierarchical pictures, and those of 12 or 16 bits per sample.
 */
function refuseCoding({ frameMarker, precision }: JpegOutline): string | undefined {
  if (precision !== 8) return `it has ${precision} bits per sample, but viewers read only 8: convert it`
  const known = frameMarker <= 0xc2 || frameMarker === 0xc9 || frameMarker === 0xca
  return known ? undefined : 'it is a lossless or hierarchical JPEG, which viewers do not read: convert it'
}

function refused(reason: string): CodecError {
  return new CodecError('ERR_FRAME', reason)
}
