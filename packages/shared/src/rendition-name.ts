const SMALLEST = 16
const LARGEST = 8192

/** The most renditions of a stream. */
export const MAX_RENDITIONS = 8

/**
 * The height in pixels that the name of a rendition stands for: `360p` is 360 high.
 *
 * @returns `undefined` unless it is a whole number from 16 to 8192 with a `p` after it.
 */
export function heightOfRendition(name: string): number | undefined {
  const height = Number(/^([1-9]\d{1,3})p$/.exec(name)?.[1])
  return height >= SMALLEST && height <= LARGEST ? height : undefined
}
