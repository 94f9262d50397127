import { closeSync, openSync, readSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { OptionError } from '@zcast/shared'
import { unreadableSource } from '@zcast/shared/internal'
import { isAnimatedPng } from './animated-png.ts'

const PICTURE = /\.(jpe?g|jpe|jfif|png|webp|gif)$/i
const STILL = /\.(jpe?g|jpe|jfif|png|webp)$/i
// Formats that people keep together with those, and may expect to see.
const OTHER_PICTURE =
  /\.(avif|bmp|cr[23w]|dib|dng|arw|exr|hdr|hei[cf]|ico|j2k|jp[2x]|jxl|nef|orf|p[bgpn]m|psd|raf|raw|rw2|svgz?|tga|tiff?)$/i
const WILDCARD = /[*?]/

/** Pictures in one folder: all of them, those whose names match, or a single one. */
export interface PictureFiles {
  readonly folder: string
  readonly isSingle: boolean
  /** True when a name belongs to it. */
  readonly matches: (name: string) => boolean
  /** True for the name of a picture that does not belong to it because its format cannot be read. */
  readonly isOther: (name: string) => boolean
  /** True when a name should be mentioned when there is no picture. */
  readonly isTold: (name: string) => boolean
}

/** The content of the folder. */
export interface Listing {
  /** The paths of the pictures, in natural order: 2 before 10. */
  readonly paths: readonly string[]
  /** The names of files that are pictures of other formats. */
  readonly others: readonly string[]
  /** The names of other files, mentioned when there is no picture. */
  readonly names: readonly string[]
}

/** True when a text has a wildcard, `*` or `?`. */
export function hasWildcard(text: string): boolean {
  return WILDCARD.test(text)
}

/** True when a file is a single picture, by its extension. GIF and animated PNG are clips. */
export function isStill(path: string): boolean {
  return STILL.test(path) && !beginsAnimation(path)
}

const PNG_HEAD_BYTES = 64 * 1024

function beginsAnimation(path: string): boolean {
  if (!/\.png$/i.test(path)) return false
  const head = Buffer.alloc(PNG_HEAD_BYTES)
  try {
    const file = openSync(path, 'r')
    try {
      return isAnimatedPng(head.subarray(0, readSync(file, head))) ?? false
    } finally {
      closeSync(file)
    }
  } catch {
    // The reader of the picture reports why that cannot be done.
    return false
  }
}

/** All pictures of a folder, by their extensions. */
export function picturesOfFolder(folder: string): PictureFiles {
  return { folder, isSingle: false, matches: isPicture, isOther, isTold: (name) => !isHidden(name) }
}

/** One file. */
export function pictureOfFile(path: string): PictureFiles {
  const own = basename(path)
  const matches = (name: string): boolean => name === own
  return { folder: dirname(path), isSingle: true, matches, isOther: () => false, isTold: matches }
}

/** The files that match a pattern. @throws {@link OptionError} when its folder part has a wildcard. */
export function picturesOfPattern(pattern: string): PictureFiles {
  const folder = dirname(pattern)
  if (WILDCARD.test(folder)) throw new OptionError(`"${pattern}" may have * and ? only in the file name`)
  const expression = basename(pattern)
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.')
  const regular = new RegExp(`^${expression}$`, 'su')
  const matches = (name: string): boolean => regular.test(name)
  return { folder, isSingle: false, matches, isOther: () => false, isTold: matches }
}

/**
 * Lists the current files.
 *
 * @throws {@link SourceError} `ERR_SOURCE_MISSING` when there is no such folder, `ERR_SOURCE_UNREADABLE` when it cannot
 *   be read.
 */
export async function listPictures({ folder, matches, isOther, isTold }: PictureFiles): Promise<Listing> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
    // Made here: the first use of Intl takes 20 ms, which the other sources are spared at their start (measured).
    const byNumber = new Intl.Collator('en', { numeric: true })
    const pictures = names.filter(matches).toSorted(byNumber.compare)
    return {
      paths: pictures.map((name) => join(folder, name)),
      others: names.filter(isOther),
      names: names.filter(isTold),
    }
  } catch (error) {
    throw unreadableSource(folder, error, 'folder')
  }
}

const MOST_KINDS = 5

/** Counts files by extension, for a sentence: `3 .HEIC, 2 .bmp`, the most frequent first. */
export function countKinds(names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) {
    const kind = extname(name) || 'without an extension'
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  const kinds = [...counts].toSorted(([, one], [, other]) => other - one)
  const told = kinds.slice(0, MOST_KINDS).map(([kind, count]) => `${count} ${kind}`)
  const rest = kinds.slice(MOST_KINDS).reduce((sum, [, count]) => sum + count, 0)
  return [...told, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}

function isPicture(name: string): boolean {
  return PICTURE.test(name) && !isHidden(name)
}

function isOther(name: string): boolean {
  return OTHER_PICTURE.test(name) && !isHidden(name)
}

function isHidden(name: string): boolean {
  return name.startsWith('.')
}
