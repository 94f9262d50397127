import sharp, { type Sharp } from 'sharp'
import { CodecError, errorMessage } from '../errors.ts'
import { readJpegSize } from '../jpeg-structure.ts'

// Every picture is another one, so libvips' cache of operations would only hold memory.
sharp.cache(false)
// A picture of a stream is small: spread over threads it costs more CPU in all, and streams run side by side anyway.
sharp.concurrency(1)

/** The most pixels that are decoded unless told otherwise: 64 million, such as 8192x8192 (192 MiB of RGB). */
export const MAX_PIXELS = 64 * 1024 * 1024

/**
 * The most scans that are decoded. Progressive pictures have about ten; libjpeg walks over the whole picture for each,
 * so that 3,000 scans in 150 kB took 5 s (measured).
 */
const MAX_SCANS = 100
const SOS = Buffer.of(0xff, 0xda)

/** A decoded picture. */
export interface RawPicture {
  /** RGB, 8 bits each, row-major; `width * height * 3` bytes. */
  readonly pixels: Uint8Array
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
}

/** How {@link decodeJpeg} and {@link resizeJpeg} treat a picture. */
export interface DecodeOptions {
  /** Refuse a picture of more pixels. Default {@link MAX_PIXELS}. */
  readonly maxPixels?: number
}

/** Options of {@link resizeJpeg}. */
export interface ResizeOptions extends DecodeOptions {
  /** Pixels, 1 to 65535. */
  readonly width: number
  /** Pixels, 1 to 65535. Default: what keeps the proportions. */
  readonly height?: number | undefined
  /** 1 to 100. Default 80. */
  readonly quality?: number
}

/**
 * Encodes one picture as baseline JPEG, 4:2:0.
 *
 * @param pixels - RGB, 8 bits each, row-major; length `width * height * 3`. Not to be written to until this resolves.
 * @param quality - 1 to 100, libjpeg's scale. Default 80.
 * @param size - Pixels of the JPEG, 1 to 65535 each. Default: as the pixels.
 * @returns JPEG bytes; owned by the caller.
 * @throws {@link CodecError} `ERR_FRAME` when `pixels` has another length, or the size is no JPEG size.
 */
export async function encodeJpeg(
  pixels: Uint8Array,
  width: number,
  height: number,
  quality = 80,
  size?: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  if (pixels.length !== width * height * 3) {
    throw new CodecError(
      'ERR_FRAME',
      `a picture of ${width}x${height} takes ${width * height * 3} bytes of RGB, got ${pixels.length}`,
    )
  }
  // Optimised Huffman tables cost 7.7 ms more for a 1080p picture (13.9 against 6.2) and save a few per cent.
  return run(() => {
    const picture = sharp(pixels, { raw: { width, height, channels: 3 } })
    if (size) picture.resize({ ...size, fit: 'fill' })
    return picture.jpeg({ quality, optimiseCoding: false })
  })
}

/**
 * Decodes an untrusted JPEG to RGB; grey and CMYK pictures are converted.
 *
 * @returns Pixels owned by the caller.
 * @throws {@link CodecError} `ERR_FRAME` when it is not a whole JPEG, is damaged, or has too many pixels.
 */
export async function decodeJpeg(bytes: Uint8Array, options: DecodeOptions = {}): Promise<RawPicture> {
  const size = checkJpeg(bytes, options)
  const pixels = await run(() => open(bytes).toColourspace('srgb').removeAlpha().raw())
  if (pixels.length !== size.width * size.height * 3) {
    throw new CodecError('ERR_FRAME', `a picture of ${size.width}x${size.height} decoded to another size`)
  }
  return { pixels, ...size }
}

/**
 * Another size of an untrusted JPEG. libjpeg decodes to about the smaller size at once, so a thumbnail costs little.
 *
 * @returns JPEG bytes of the given size; owned by the caller.
 * @throws {@link CodecError} `ERR_FRAME` as for {@link decodeJpeg}.
 */
export async function resizeJpeg(bytes: Uint8Array, options: ResizeOptions): Promise<Uint8Array> {
  checkJpeg(bytes, options)
  const { width, height, quality = 80 } = options
  const size = height === undefined ? { width } : { width, height, fit: 'fill' as const }
  return run(() => open(bytes).resize(size).jpeg({ quality, optimiseCoding: false }))
}

/** Options of {@link resizeToRgb}. */
export interface ResizeToRgbOptions extends DecodeOptions {
  /** Pixels, 1 to 65535. */
  readonly width: number
  /** Pixels, 1 to 65535. */
  readonly height: number
  /** `fill` stretches to exactly this size, `cover` cuts off what is too much. Default `fill`. */
  readonly fit?: 'fill' | 'cover' | undefined
}

/**
 * An untrusted JPEG as RGB of another size, in one step: libjpeg decodes to about the smaller size at once.
 *
 * @returns RGB, 8 bits each, row-major; `width * height * 3` bytes, owned by the caller.
 * @throws {@link CodecError} `ERR_FRAME` as for {@link decodeJpeg}.
 */
export async function resizeToRgb(bytes: Uint8Array, options: ResizeToRgbOptions): Promise<Uint8Array> {
  checkJpeg(bytes, options)
  const { width, height, fit = 'fill' } = options
  return run(() => open(bytes).resize({ width, height, fit }).toColourspace('srgb').removeAlpha().raw())
}

/** The structure is checked before libvips sees the bytes, so that nothing but a JPEG reaches one of its many loaders. */
function checkJpeg(bytes: Uint8Array, options: DecodeOptions): { width: number; height: number } {
  const { maxPixels = MAX_PIXELS } = options
  const size = readJpegSize(bytes)
  if (!size) throw new CodecError('ERR_FRAME', `${bytes.length} bytes are not a whole JPEG picture`)
  if (size.width * size.height > maxPixels) {
    throw new CodecError(
      'ERR_FRAME',
      `a picture of ${size.width}x${size.height} has more than ${maxPixels} pixels`,
    )
  }
  if (hasTooManyScans(bytes)) throw new CodecError('ERR_FRAME', `a picture has more than ${MAX_SCANS} scans`)
  return size
}

/** In the data of a scan FF is never followed by DA, and the segments before it are too few to matter. */
function hasTooManyScans({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  const bytes = Buffer.from(buffer, byteOffset, byteLength)
  let scans = 0
  for (let at = bytes.indexOf(SOS); at !== -1 && scans <= MAX_SCANS; at = bytes.indexOf(SOS, at + 2)) scans++
  return scans > MAX_SCANS
}

function open(bytes: Uint8Array): Sharp {
  // 'error' lets libjpeg's warnings pass: a picture that lost its last bytes is still worth showing, a broken one is not.
  return sharp(bytes, { limitInputPixels: false, failOn: 'error' })
}

async function run(build: () => Sharp): Promise<Uint8Array> {
  try {
    return await build().toBuffer()
  } catch (error) {
    throw new CodecError('ERR_FRAME', `cannot convert the picture: ${errorMessage(error)}`, { cause: error })
  }
}

/**
 * Decodes an untrusted picture of any format that is common (PNG, WebP, GIF, TIFF, AVIF, JPEG), upright as its camera
 * says; what is transparent becomes black.
 *
 * @param width - Pixels, 1 to 65535; the height follows. Default: its own.
 * @throws {@link CodecError} `ERR_FRAME` when it is no such picture, is damaged, or has too many pixels.
 */
export async function decodePicture(bytes: Uint8Array, width?: number): Promise<RawPicture> {
  try {
    const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' }).rotate()
    if (width !== undefined) picture.resize({ width })
    const opaque = picture.toColourspace('srgb').flatten().removeAlpha()
    const { data, info } = await opaque.raw().toBuffer({ resolveWithObject: true })
    return { pixels: data, width: info.width, height: info.height }
  } catch (error) {
    throw new CodecError('ERR_FRAME', `cannot decode the picture: ${errorMessage(error)}`, { cause: error })
  }
}
