const SMALLEST = 16
const LARGEST = 8192

/** The largest number of renditions of a stream. */
export const MAX_RENDITIONS = 8

/**
 * The height in pixels that a rendition's name stands for: `360p` is 360 high.
 *
 * @returns `undefined` unless it is a whole number from 16 to 8192 followed by `p`.
 */
export function heightOfRendition(name: string): number | undefined {
  const height = Number(/^([1-9]\d{1,3})p$/.exec(name)?.[1])
  return height >= SMALLEST && height <= LARGEST ? height : undefined
}
