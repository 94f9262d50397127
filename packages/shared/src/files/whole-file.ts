import { randomUUID } from 'node:crypto'
import { open, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** The ending of a file that is being written. */
const UNFINISHED = '.part'

/**
 * Writes a file so that it appears completely or not at all, replacing an existing one. Until then it has a hidden,
 * random name, which must be new: a link that somebody has put there is not followed.
 *
 * @param isKept - Returns only once it is on the disk, so that it outlives the loss of power. Default false.
 * @param mode - Its permissions. Default 0666, less the umask.
 * @throws The system's error; nothing is left behind then.
 */
export async function writeWholeFile(
  path: string,
  bytes: Uint8Array,
  { isKept = false, mode = 0o666 }: { readonly isKept?: boolean; readonly mode?: number } = {},
): Promise<void> {
  const unfinished = join(dirname(path), `.${basename(path)}.${randomUUID()}${UNFINISHED}`)
  try {
    await writeFile(unfinished, bytes, { flag: 'wx', flush: isKept, mode })
    await rename(unfinished, path)
    if (isKept) await keepFolder(dirname(path))
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined)
    throw error
  }
}

/** Has the names of a folder's files written to the disk. Windows opens no folders, and needs none of it. */
export async function keepFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
