import { closeSync, openSync, readSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { describeSystemError, OptionError, SourceError, systemErrorCode } from '@zcast/shared'
import { isAnimatedPng } from './animated-png.ts'

const PICTURE = /\.(jpe?g|jpe|jfif|png|webp|gif)$/i
const STILL = /\.(jpe?g|jpe|jfif|png|webp)$/i
// What people keep beside those, and may expect to see.
const OTHER_PICTURE =
  /\.(avif|bmp|cr[23w]|dib|dng|arw|exr|hdr|hei[cf]|ico|j2k|jp[2x]|jxl|nef|orf|p[bgpn]m|psd|raf|raw|rw2|svgz?|tga|tiff?)$/i
const WILDCARD = /[*?]/
const byNumber = new Intl.Collator('en', { numeric: true })

/** Pictures in one folder: all of them, those whose names match, or a single one. */
export interface PictureFiles {
  readonly folder: string
  readonly isSingle: boolean
  /** Whether a name belongs to it. */
  readonly matches: (name: string) => boolean
  /** Whether a name is that of a picture which does not belong to it, as its format is not read. */
  readonly isOther: (name: string) => boolean
  /** Whether a name is worth telling where there is no picture. */
  readonly isTold: (name: string) => boolean
}

/** What is in the folder. */
export interface Listing {
  /** The paths of the pictures, in the order a person counts: 2 before 10. */
  readonly paths: readonly string[]
  /** The names of files that are pictures of other formats. */
  readonly others: readonly string[]
  /** The names of what there is, to be told where there is no picture. */
  readonly names: readonly string[]
}

/** Whether a text has a wildcard, `*` or `?`. */
export function hasWildcard(text: string): boolean {
  return WILDCARD.test(text)
}

/** Whether a file is a single picture, by the end of its name. GIF and animated PNG are clips. */
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
    // Whoever reads the picture says why that cannot be done.
    return false
  }
}

/** All pictures of a folder, by the ends of their names. */
export function picturesOfFolder(folder: string): PictureFiles {
  return { folder, isSingle: false, matches: isPicture, isOther, isTold: (name) => !isHidden(name) }
}

/** One file. */
export function pictureOfFile(path: string): PictureFiles {
  const own = basename(path)
  const matches = (name: string): boolean => name === own
  return { folder: dirname(path), isSingle: true, matches, isOther: () => false, isTold: matches }
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
  const matches = (name: string): boolean => regular.test(name)
  return { folder, isSingle: false, matches, isOther: () => false, isTold: matches }
}

/**
 * What there is now.
 *
 * @throws {@link SourceError} `ERR_SOURCE_MISSING` when there is no such folder, `ERR_SOURCE_UNREADABLE` when it cannot be
 *   read.
 */
export async function listPictures({ folder, matches, isOther, isTold }: PictureFiles): Promise<Listing> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
    const pictures = names.filter(matches).toSorted(byNumber.compare)
    return {
      paths: pictures.map((name) => join(folder, name)),
      others: names.filter(isOther),
      names: names.filter(isTold),
    }
  } catch (error) {
    const code = systemErrorCode(error)
    const missing = code === 'ENOENT' || code === 'ENOTDIR'
    throw new SourceError(
      missing ? 'ERR_SOURCE_MISSING' : 'ERR_SOURCE_UNREADABLE',
      missing
        ? `there is no folder "${folder}": check its name`
        : `cannot read "${folder}": ${describeSystemError(error)}`,
      { cause: error },
    )
  }
}

const MOST_KINDS = 5

/** Files by the ends of their names, for a sentence: `3 .HEIC, 2 .bmp`, the most first. */
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
