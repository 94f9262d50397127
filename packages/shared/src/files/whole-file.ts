import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** The ending of a file that is being written. */
const UNFINISHED = '.part'

/**
 * Writes a file so that it appears whole or not at all, in the place of one that is there. Until then it has a hidden
 * name that nobody can foresee, and that is made anew: no link that somebody has put there is followed.
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
