import { CodecError, type JpegOutline, type PictureSize, readJpegOutline, refuseJpeg } from '@zcast/shared'
import { readOrientation } from './exif-orientation.ts'
import { withHuffmanTables } from './huffman-tables.ts'
import { hasAllData, resizeJpeg } from './jpeg.ts'
import { mendJpeg } from './mend-jpeg.ts'

/** What {@link prepareJpeg} is asked for. */
export interface JpegWishes {
  /** Pixels of the upright picture. Default: its own. */
  readonly width?: number | undefined
  /** 1 to 100. Default: as it is; 80 where it must be encoded anew. */
  readonly quality?: number | undefined
}

/** A JPEG and its size. */
export interface SizedJpeg extends PictureSize {
  readonly data: Uint8Array
}

/**
 * Makes a JPEG from outside one that every receiver shows alike. Nearly all are, and pass byte for byte. What follows
 * after its end is cut off; what is turned by its Exif data, has inks for colours or is coded arithmetically is encoded
 * anew, as receivers differ in what they make of it.
 *
 * @throws {@link CodecError} `ERR_FRAME` with the reason, a sentence about "it", when it cannot be sent.
 */
export async function prepareJpeg(bytes: Uint8Array, { width, quality }: JpegWishes): Promise<SizedJpeg> {
  let data = bytes
  let outline = readJpegOutline(data)
  if (!outline || outline.hasFurther) {
    data = await trim(bytes)
    outline = readJpegOutline(data)
  }
  if (!outline) throw refused('it is not a whole JPEG picture')
  const refusal = refuseJpeg(data, outline) ?? refuseCoding(outline)
  if (refusal !== undefined) throw refused(refusal)
  const turned = outline.exif !== undefined && readOrientation(data, outline) !== 1
  const isWished = quality === undefined && (width === undefined || width === outline.width)
  if (!outline.hasHuffmanTables) data = withHuffmanTables(data, outline)
  if (isWished && !turned && outline.components !== 4 && !isArithmetic(outline))
    return { data, width: outline.width, height: outline.height }
  data = await resizeJpeg(data, { width, quality })
  const size = readJpegOutline(data)
  if (!size) throw refused('it could not be encoded anew')
  return { data, width: size.width, height: size.height }
}

async function trim(bytes: Uint8Array): Promise<Uint8Array> {
  const mended = mendJpeg(bytes)
  if (!mended) throw refused('it is not a whole JPEG picture')
  if (mended.endMissing && !(await hasAllData(mended.jpeg))) throw refused('it is cut short')
  return mended.jpeg
}

/** C9 and up is arithmetic coding; browsers have none. */
function isArithmetic({ frameMarker }: JpegOutline): boolean {
  return frameMarker > 0xc8
}

/** Nearly nothing reads what is left: lossless and hierarchical pictures, and those of 12 or 16 bits a sample. */
function refuseCoding({ frameMarker, precision }: JpegOutline): string | undefined {
  if (precision !== 8) return `it has ${precision} bits a sample, where viewers read 8: convert it`
  const known = frameMarker <= 0xc2 || frameMarker === 0xc9 || frameMarker === 0xca
  return known ? undefined : 'it is a lossless or hierarchical JPEG, which viewers do not read: convert it'
}

function refused(reason: string): CodecError {
  return new CodecError('ERR_FRAME', reason)
}
