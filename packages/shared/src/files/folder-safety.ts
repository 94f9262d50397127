import { lstat, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

const WRITABLE_BY_OTHERS = 0o022
/** In such a folder, as /tmp, only its owner may rename or remove a file. */
const STICKY = 0o1000

/**
 * Why others could put files of their own into a folder, or in the place of those that are there: it is not ours (nor
 * root's), or others may write to it.
 *
 * @returns The end of a sentence, or `undefined` for a folder that is safe, is not there, or where no such rights exist.
 */
export async function findFolderFlaw(folder: string): Promise<string | undefined> {
  const uid = process.geteuid?.()
  if (uid === undefined) return undefined
  const status = await stat(folder).catch(() => undefined)
  if (!status) return undefined
  if (status.uid !== uid && status.uid !== 0) return 'it belongs to another user'
  if ((status.mode & WRITABLE_BY_OTHERS) !== 0) return 'others may write to it (chmod go-w ends that)'
  return undefined
}

/**
 * Why others could have written a file, or put it in the place of ours: it is not ours (nor root's), others may write to
 * it, or they may replace it in its folder.
 *
 * @param status - Of the file.
 * @returns As {@link findFolderFlaw}.
 */
export async function findFileFlaw(
  path: string,
  status: { readonly uid: number; readonly mode: number },
): Promise<string | undefined> {
  const uid = process.geteuid?.()
  if (uid === undefined) return undefined
  if (status.uid !== uid && status.uid !== 0) return 'it belongs to another user'
  if ((status.mode & WRITABLE_BY_OTHERS) !== 0) return 'others may write to it (chmod go-w ends that)'
  return (await canBeReplaced(path)) ? 'others may write to its folder (chmod go-w ends that)' : undefined
}

/** Whether others could put another file in the place of one in this folder while it is written. */
export async function canBeReplaced(path: string): Promise<boolean> {
  if (process.geteuid === undefined) return false
  const status = await stat(dirname(resolve(path))).catch(() => undefined)
  if (!status) return false
  return (status.mode & WRITABLE_BY_OTHERS) !== 0 && (status.mode & STICKY) === 0
}

/** Whether a path is a folder itself rather than a link to one. */
export async function isRealFolder(path: string): Promise<boolean> {
  const status = await lstat(path).catch(() => undefined)
  return status?.isDirectory() ?? false
}
