import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errorMessage, OptionError, SourceError, systemErrorCode } from '@zcast/shared'

const PICTURE = /\.(jpe?g|png|webp|gif|tiff?|avif)$/i
const WILDCARD = /[*?]/
const byNumber = new Intl.Collator('en', { numeric: true })

/** Pictures in one folder: all of them, or those whose names match. */
export interface PictureFiles {
  readonly folder: string
  /** Whether a name belongs to it. */
  readonly matches: (name: string) => boolean
}

/** Whether a text has a wildcard, `*` or `?`. */
export function hasWildcard(text: string): boolean {
  return WILDCARD.test(text)
}

/** All pictures of a folder, by the ends of their names. */
export function picturesOfFolder(folder: string): PictureFiles {
  return { folder, matches: (name) => PICTURE.test(name) && !name.startsWith('.') }
}

/** The files that a pattern names. @throws {@link OptionError} when the folder part of it has a wildcard. */
export function picturesOfPattern(pattern: string): PictureFiles {
  const folder = dirname(pattern)
  if (WILDCARD.test(folder)) throw new OptionError(`"${pattern}" may have * and ? in the file's name only`)
  const expression = basename(pattern)
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.')
  const regular = new RegExp(`^${expression}$`, 'su')
  return { folder, matches: (name) => regular.test(name) }
}

/**
 * The paths of the pictures there are now, in the order a person counts: 2 before 10.
 *
 * @throws {@link SourceError} `ERR_SOURCE_MISSING` when there is no such folder, `ERR_SOURCE_UNREADABLE` when it cannot be
 *   read.
 */
export async function listPictures({ folder, matches }: PictureFiles): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const names = entries
      .filter((entry) => !entry.isDirectory() && matches(entry.name))
      .map(({ name }) => name)
    return names.toSorted(byNumber.compare).map((name) => join(folder, name))
  } catch (error) {
    const code = systemErrorCode(error)
    const missing = code === 'ENOENT' || code === 'ENOTDIR'
    throw new SourceError(
      missing ? 'ERR_SOURCE_MISSING' : 'ERR_SOURCE_UNREADABLE',
      missing
        ? `there is no folder "${folder}": check its name`
        : `cannot read "${folder}": ${errorMessage(error)}`,
      { cause: error },
    )
  }
}
