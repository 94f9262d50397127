import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** The ending of a file that is being written. */
const UNFINISHED = '.part'

/**
 * Writes a file so that it appears completely or not at all, replacing an existing one. Until then it has a hidden,
 * random name, which must be new: a link that somebody has put there is not followed.
 *
 * @throws The system's error; nothing is left behind then.
 */
export async function writeWholeFile(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = join(dirname(path), `.${basename(path)}.${randomUUID()}${UNFINISHED}`)
  try {
    await writeFile(unfinished, bytes, { flag: 'wx' })
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined)
    throw error
  }
}
