import { lstat, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

const WRITABLE_BY_OTHERS = 0o022
/** In such a folder (for example /tmp), only the owner of a file may rename or remove it. */
const STICKY = 0o1000

/**
 * The reason why others could put files of their own into a folder, or replace existing ones: it does not belong to
 * this user (or root), or others may write to it.
 *
 * @returns The end of a sentence, or `undefined` for a folder that is safe, does not exist, or has no such permissions.
 */
export async function findFolderFlaw(folder: string): Promise<string | undefined> {
  const uid = process.geteuid?.()
  if (uid === undefined) return undefined
  const status = await stat(folder).catch(() => undefined)
  if (!status) return undefined
  if (status.uid !== uid && status.uid !== 0) return 'it belongs to another user'
  if ((status.mode & WRITABLE_BY_OTHERS) !== 0) return 'others may write to it (run chmod go-w on it)'
  return undefined
}

/**
 * The reason why others could have written a file, or replaced it: it does not belong to this user (or root), others
 * may write to it, or they may replace it in its folder.
 *
 * @param status - The file's status.
 * @returns As {@link findFolderFlaw}.
 */
export async function findFileFlaw(
  path: string,
  status: { readonly uid: number; readonly mode: number },
): Promise<string | undefined> {
  const uid = process.geteuid?.()
  if (uid === undefined) return undefined
  if (status.uid !== uid && status.uid !== 0) return 'it belongs to another user'
  if ((status.mode & WRITABLE_BY_OTHERS) !== 0) return 'others may write to it (run chmod go-w on it)'
  return (await canBeReplaced(path)) ? 'others may write to its folder (run chmod go-w on it)' : undefined
}

/** True when others could replace a file in this folder while it is being written. */
export async function canBeReplaced(path: string): Promise<boolean> {
  if (process.geteuid === undefined) return false
  const status = await stat(dirname(resolve(path))).catch(() => undefined)
  if (!status) return false
  return (status.mode & WRITABLE_BY_OTHERS) !== 0 && (status.mode & STICKY) === 0
}

/** True when a path is a folder itself and not a link to one. */
export async function isRealFolder(path: string): Promise<boolean> {
  const status = await lstat(path).catch(() => undefined)
  return status?.isDirectory() ?? false
}
