import { OptionError } from '@zcast/shared'

const HIGHEST = 8192
const MOST = 8

/**
 * The height that a rendition's name stands for: `360p` is 360 pixels high.
 *
 * @throws {@link OptionError} unless it is a whole number from 16 to 8192 followed by `p`.
 */
export function renditionHeight(name: string): number {
  const height = Number(/^([1-9]\d{1,3})p$/.exec(name)?.[1])
  if (height >= 16 && height <= HIGHEST) return height
  throw new OptionError(
    `rendition must be a height in pixels from 16p to ${HIGHEST}p such as 360p, got "${name}"`,
  )
}

/**
 * Checks the renditions of a stream.
 *
 * @returns The names, largest first.
 * @throws {@link OptionError} when one is wrong or given twice, or there are more than 8.
 */
export function checkRenditions(names: readonly string[]): readonly string[] {
  // Sorting a single name would not check it.
  for (const name of names) renditionHeight(name)
  const sorted = names.toSorted((a, b) => renditionHeight(b) - renditionHeight(a))
  const twice = sorted.find((name, i) => sorted[i + 1] === name)
  if (twice !== undefined) throw new OptionError(`rendition ${twice} was given more than once`)
  if (sorted.length > MOST)
    throw new OptionError(`rendition may be given at most ${MOST} times, got ${sorted.length}`)
  return sorted
}
