import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Files that are counted; a folder with more of them counts as full. */
const MAX_FILES = 20_000

/**
 * The size of all files in a folder and the folders in it, in bytes; links are not followed.
 *
 * @param except - The name of a folder in it that is left out.
 */
export async function folderBytes(folder: string, except: string): Promise<number> {
  let bytes = 0
  let files = 0
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const entries = await readdir(next, { withFileTypes: true })
    for (const entry of entries) {
      if ((files += 1) > MAX_FILES) return Number.POSITIVE_INFINITY
      const path = join(next, entry.name)
      if (entry.isDirectory() && entry.name !== except) folders.push(path)
      // One that has just been removed has no size.
      if (entry.isFile())
        bytes += await stat(path).then(
          ({ size }) => size,
          () => 0,
        )
    }
  }
  return bytes
}
