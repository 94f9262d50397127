import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { systemErrorCode } from '../errors.ts'
import { judgeHolder, type LockHolder, parseLockHolder } from './lock-holder.ts'
import { isUnsafe, openOwnFile } from './own-file.ts'

const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])
const CLAIM = '.stale.'

/** A lock as it was found on disk. */
export interface SeenLock {
  /** Distinguishes this lock from every earlier and later one. */
  readonly token: string
  /** `undefined` when the holder was killed before it had written its name. */
  readonly holder: LockHolder | undefined
  /** When it was made or last touched, in nanoseconds. */
  readonly touched: bigint
}

/** The name whose exclusive creation gives the right to remove one dead lock. */
export function claimPath(path: string, token: string): string {
  return `${path}${CLAIM}${token}`
}

/**
 * Creates the lock with its holder already in it: with a process killed between the two steps, nobody could tell who
 * held it.
 *
 * @returns `false` when another process has it.
 */
export function createLock(path: string, holder: LockHolder): boolean {
  const content = JSON.stringify(holder)
  const draft = `${path}.${holder.nonce}`
  try {
    writeFileSync(draft, content, { flag: 'wx' })
    linkSync(draft, path)
    return true
  } catch (error) {
    // The draft was swept away, so another process held the lock meanwhile.
    if (isTaken(error) || isLinkGone(error)) return false
    if (!NO_HARD_LINKS.has(systemErrorCode(error) ?? '')) throw error
    return createExclusively(path, content)
  } finally {
    removeIfThere(draft)
  }
}

/** Creates a file unless one of that name exists. */
export function createExclusively(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}

/**
 * Reads a lock; `undefined` when there is none.
 *
 * @throws {@link StreamError} `ERR_UNSAFE_FILE` when it belongs to another user, who could otherwise block this
 *   process.
 */
export function readLock(path: string): SeenLock | undefined {
  let fd: number | undefined
  try {
    fd = openOwnFile(path, constants.O_RDONLY)
    const { ino, mtimeNs } = fstatSync(fd, { bigint: true })
    const holder = parseLockHolder(readFileSync(fd, 'utf8'))
    return { token: holder?.nonce ?? `${ino}-${mtimeNs}`, holder, touched: mtimeNs }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/**
 * Removes what killed processes left beside the lock. Call it only while holding the lock: every claim found then is on
 * an earlier one.
 */
export function sweepLeftovers(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue
    const leftover = join(dirname(path), name)
    const holder = readOwnHolder(leftover)
    if (holder === 'none of ours') continue
    if (name.includes(CLAIM) || !holder || judgeHolder(holder) === 'dead') removeIfThere(leftover)
  }
}

function readOwnHolder(path: string): LockHolder | 'none of ours' | undefined {
  try {
    return readLock(path)?.holder
  } catch (error) {
    if (isUnsafe(error)) return 'none of ours'
    throw error
  }
}

/** Removes a file that another process may be removing too. */
export function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

/** True when an error means that a file or its directory does not exist. */
export function isMissing(error: unknown): boolean {
  const code = systemErrorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function isTaken(error: unknown): boolean {
  return systemErrorCode(error) === 'EEXIST'
}

function isLinkGone(error: unknown): boolean {
  return isMissing(error) && (error as NodeJS.ErrnoException).syscall === 'link'
}
