import { invalid, MAX_PIXELS, type Frame, type Rejection, unsupported } from '@zcast/shared'

/** The longest side of a JPEG. */
const MAX_SIDE = 65_535

/** How an array of numpy lies in memory. */
export interface PixelArray {
  /** As numpy writes it: `uint8`. */
  readonly dtype: unknown
  /** `[height, width]`, or `[height, width, channels]`. */
  readonly shape: unknown
  readonly data: Uint8Array
}

/**
 * A picture of which only the pixels have come. Its `data` are those pixels, not yet a JPEG: it goes no further than the
 * subscriber, which has it compressed before it is delivered.
 */
export interface PixelFrame extends Frame {
  /** 1: grey. 3: BGR. 4: BGRA. */
  readonly channels: 1 | 3 | 4
}

/** Reads the pixels of an OpenCV picture: its size, or why they are refused. */
export function readPixels({
  dtype,
  shape,
  data,
}: PixelArray): Pick<PixelFrame, 'width' | 'height' | 'channels' | 'data'> | Rejection {
  if (dtype !== 'uint8') return unsupported('the pixels are not uint8')
  if (!Array.isArray(shape) || shape.length < 2 || shape.length > 3 || !shape.every(isSide))
    return invalid('the shape is not that of a picture')
  const [height = 0, width = 0, channels = 1] = shape
  if (channels !== 1 && channels !== 3 && channels !== 4)
    return unsupported('the picture has neither 1, 3 nor 4 channels')
  if (width * height > MAX_PIXELS) return invalid(`the picture has more than ${MAX_PIXELS} pixels`)
  if (width * height * channels !== data.byteLength)
    return invalid('the shape does not match the number of pixels')
  return { width, height, channels, data }
}

function isSide(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= MAX_SIDE
}

/** The pixels as RGB. */
export function toRgb({ data, width, height, channels }: PixelFrame): Uint8Array {
  const rgb = new Uint8Array(width * height * 3)
  const [green, red] = channels === 1 ? [0, 0] : [1, 2]
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    rgb[to] = data[from + red] as number
    rgb[to + 1] = data[from + green] as number
    rgb[to + 2] = data[from] as number
  }
  return rgb
}
