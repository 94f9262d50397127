import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { SourceError } from '@zcast/shared'
import { unreadableSource } from '@zcast/shared/internal'

/** Recordings in a folder; one with more is refused, rather than be read in part. */
const MOST_FILES = 10_000

/** Files that were asked for by name, or found in a folder. */
export interface NamedFile {
  readonly path: string
  /** True when it was found in a folder: it is left out when it cannot be read. */
  readonly isFound: boolean
}

/**
 * The recordings that paths name: files, and all `.mcap` files of folders, by name. Where `zcast recover` has mended one
 * in a folder, what it made is taken in its place.
 *
 * @throws {@link SourceError} `ERR_SOURCE_MISSING`, `ERR_SOURCE_UNREADABLE` when there is nothing at a path, no recording
 *   in a folder, or when it cannot be looked into.
 */
export async function findFiles(paths: readonly string[]): Promise<readonly NamedFile[]> {
  const files = new Map<string, NamedFile>()
  for (const path of paths)
    for (const file of await findAt(path)) if (!files.has(file.path)) files.set(file.path, file)
  return [...files.values()]
}

async function findAt(path: string): Promise<readonly NamedFile[]> {
  try {
    // A bag of ROS 2 is named by its folder, or by what describes it.
    if (basename(path) === 'metadata.yaml') return await findAt(dirname(path))
    if (!(await stat(path)).isDirectory()) return [{ path, isFound: false }]
    const names = (await readdir(path)).filter((name) => extname(name).toLowerCase() === '.mcap').toSorted()
    const has = new Set(names)
    const wanted = names.filter((name) => !has.has(name.replace(/\.mcap$/i, '-recovered$&')))
    if (wanted.length === 0)
      throw new SourceError('ERR_SOURCE_MISSING', `there is no recording (.mcap) in the folder ${path}`)
    if (wanted.length > MOST_FILES)
      throw new SourceError(
        'ERR_SOURCE_UNREADABLE',
        `${path} has ${wanted.length} recordings, and ${MOST_FILES} can be read at once: name some of them`,
      )
    return wanted.map((name) => ({ path: join(path, name), isFound: true }))
  } catch (error) {
    if (error instanceof SourceError) throw error
    throw unreadableSource(path, error)
  }
}
