import { OptionError } from '@zcast/shared'
import { heightOfRendition, MAX_RENDITIONS } from '@zcast/shared/internal'

/**
 * The height of a rendition in pixels.
 *
 * @throws {@link OptionError} unless the name is a whole number from 16 to 8192 followed by `p`.
 */
export function renditionHeight(name: string): number {
  const height = heightOfRendition(name)
  if (height !== undefined) return height
  throw new OptionError(`rendition must be a height in pixels from 16p to 8192p such as 360p, got "${name}"`)
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
  if (sorted.length > MAX_RENDITIONS)
    throw new OptionError(`rendition may be given at most ${MAX_RENDITIONS} times, got ${sorted.length}`)
  return sorted
}
