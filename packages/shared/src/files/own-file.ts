import { closeSync, constants, fstatSync, lstatSync, openSync, type BigIntStats } from 'node:fs'
import { dirname } from 'node:path'
import { StreamError, systemErrorCode } from '../errors.ts'

/** Windows has neither flag, nor these ways to redirect a file. */
export const WITHOUT_FOLLOWING =
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) | ((constants.O_NONBLOCK as number | undefined) ?? 0)

/** Group and others may write. */
const WRITABLE_BY_OTHERS = 0o022n

/**
 * Opens a file in a folder that others may be able to write to, without being misled: a link is not followed, a named
 * pipe does not block, and another user's file is not touched. Root may also use files of the folder's owner.
 *
 * @param flags - As for `open(2)`.
 * @param mode - Of a file that is created. Default 0666, less the umask.
 * @returns A descriptor; the caller closes it.
 * @throws {@link StreamError} `ERR_UNSAFE_FILE` when the existing file may have been put there by somebody else; the
 *   system's error when it cannot be opened.
 */
export function openOwnFile(path: string, flags: number, mode?: number): number {
  const descriptor = openWithoutFollowing(path, flags, mode)
  try {
    const flaw = findFlaw(path, fstatSync(descriptor, { bigint: true }))
    if (flaw !== undefined) throw unsafe(path, flaw)
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** True when an error is {@link openOwnFile}'s refusal. */
export function isUnsafe(error: unknown): boolean {
  return systemErrorCode(error) === 'ERR_UNSAFE_FILE'
}

function openWithoutFollowing(path: string, flags: number, mode: number | undefined): number {
  try {
    return openSync(path, flags | WITHOUT_FOLLOWING, mode)
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ELOOP' || code === 'EMLINK') throw unsafe(path, 'it is a link', error)
    // A named pipe that nobody reads, or a socket.
    if (code === 'ENXIO') throw unsafe(path, 'it is not a regular file', error)
    throw error
  }
}

function findFlaw(path: string, status: BigIntStats): string | undefined {
  if (!status.isFile()) return 'it is not a regular file'
  const uid = process.geteuid?.()
  if (uid === undefined) return undefined
  const folder = lstatSync(dirname(path), { bigint: true, throwIfNoEntry: false })
  const isFoldersOwner = uid === 0 && status.uid === folder?.uid
  if (status.uid !== BigInt(uid) && !isFoldersOwner) return 'it belongs to another user'
  // A backup made of hard links is harmless; in a folder that others may write to, the second name may be one of our
  // files elsewhere.
  const isShared = folder !== undefined && (folder.mode & WRITABLE_BY_OTHERS) !== 0n
  return isShared && status.nlink > 1n ? 'it has another name elsewhere (a hard link)' : undefined
}

function unsafe(path: string, flaw: string, cause?: unknown): StreamError {
  return new StreamError(
    'ERR_UNSAFE_FILE',
    `${path} is not used, because ${flaw}: remove it, or choose another folder`,
    {
      cause,
    },
  )
}
