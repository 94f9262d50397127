import { OptionError } from '@zcast/shared'

/** Checks `quality`. @throws {@link OptionError} unless it is a whole number from 1 to 100. */
export function checkQuality(quality: number): number {
  return checkWhole('quality', quality, 1, 100)
}

/**
 * Checks a side of a picture in pixels. @throws {@link OptionError} unless it is a whole number from `least` to 8192.
 */
export function checkSide(name: 'width' | 'height', pixels: number, least: number): number {
  return checkWhole(name, pixels, least, 8192)
}

/** Checks `fps`. @throws {@link OptionError} unless it is from 0.1 to 240. */
export function checkFramesPerSecond(fps: number): number {
  if (fps >= 0.1 && fps <= 240) return fps
  throw new OptionError(`fps must be 0.1 to 240 frames a second, got ${fps}`)
}

/**
 * The expected size of a JPEG picture, in bytes, too large rather than too small: real clips take 0.04 to 0.18 bytes a
 * pixel at quality 80, 0.3 at 95 (measured).
 */
export function expectedJpegBytes(width: number, height: number, quality: number): number {
  const bytesPerPixel = quality > 90 ? 0.7 : quality > 80 ? 0.4 : 0.25
  return Math.max(16_384, Math.round(width * height * bytesPerPixel))
}

function checkWhole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new OptionError(`${name} must be a whole number from ${least} to ${most}, got ${value}`)
}
