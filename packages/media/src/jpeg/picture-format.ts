/* oxlint-disable no-control-regex -- signatures are bytes, whatever they are as characters */
/** The formats of single pictures that can be read, for use in sentences. */
export const READ_FORMATS = 'JPEG, PNG, WebP and GIF are read'

/** The format of a file, detected from its first bytes. */
export interface PictureFormat {
  /** The format's usual name: `PNG`, `HEIC`. */
  readonly name: string
  /** True when the format can be read. */
  readonly isRead: boolean
}

/** The number of bytes from the start of a file that are enough to detect its format. */
export const FORMAT_BYTES = 1024

const READ = new Set(['JPEG', 'PNG', 'WebP', 'GIF'])
// Of other formats, only those that people keep in such folders; anything else has no name.
const SIGNATURES: readonly (readonly [name: string, signature: RegExp])[] = [
  ['PNG', /^\x89PNG\r\n\x1a\n/],
  ['WebP', /^RIFF[^]{4}WEBP/],
  ['GIF', /^GIF8[79]a/],
  ['AVIF', /^[^]{4}ftypavi[fs]/],
  ['HEIC', /^[^]{4}ftyp(?:hei|hev|mif1|msf1)/],
  ['a camera raw file', /^[^]{4}ftypcrx |^(?:II\*\0|MM\0\*)[^]{4}CR|^FUJIFILMCCD-RAW|^IIRO|^IIU\0/],
  ['a video', /^[^]{4}ftyp|^\x1aE\xdf\xa3|^RIFF[^]{4}AVI |^G[^]{187}G/],
  ['TIFF', /^(?:II[*+]\0|MM\0[*+])/],
  ['BMP', /^BM[^]{4}\0\0\0\0/],
  ['JPEG 2000', /^\0\0\0\x0cjP {2}\r\n\x87\n|^\xff\x4f\xff\x51/],
  ['JPEG XL', /^\xff\x0a|^\0\0\0\x0cJXL \r\n\x87\n/],
  ['JPEG-LS', /^\xff\xd8\xff\xf7/],
  ['PSD', /^8BPS/],
  ['PDF', /^%PDF/],
  ['an icon', /^\0\0[\x01\x02]\0/],
  ['a netpbm picture', /^P[1-7]\s/],
  ['OpenEXR', /^v\/1\x01/],
  ['SVG', /^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!doctype svg|!--)/i],
  ['compressed data', /^\x1f\x8b|^PK\x03\x04/],
  ['a web page', /^\s*<(?:!doctype )?html/i],
  ['JPEG', /^\xff\xd8\xff/],
  // A camera's stream, saved with the headers before the picture.
  ['JPEG', /\xff\xd8\xff[\xc0-\xff]/],
]

/**
 * Detects the format of a picture from its first bytes, whatever its name.
 *
 * @param bytes - The first {@link FORMAT_BYTES} of a file, or all of a shorter one.
 * @returns `undefined` when the format is unknown.
 */
export function detectPictureFormat(bytes: Uint8Array): PictureFormat | undefined {
  const first = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, FORMAT_BYTES))
  const text = first.toString('latin1')
  const name = SIGNATURES.find(([, signature]) => signature.test(text))?.[0]
  return name === undefined ? undefined : { name, isRead: READ.has(name) }
}
