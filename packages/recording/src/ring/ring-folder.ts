import { mkdtemp, lstat, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Log, SinkError } from '@zcast/shared'
import { describeSystemError, FileLock } from '@zcast/shared/internal'

const PREFIX = 'zcast-history-'
const OWN_NAME = /^zcast-history-[A-Za-z0-9]{6}$/
/** What a ring keeps in its folder, and nothing else: a lock and what is made to break it, and its segments. */
const OWN_FILE = /^(lock(\..*)?|(light|heavy-\d+)-\d+\.mcap)$/
/** What a killed process left is kept for so long, if it is. */
const KEPT_MS = 24 * 3600 * 1000
/** A folder has its lock at once; one without it that is older was left by a process that was killed before. */
const LOCKED_WITHIN_MS = 60_000

/** Options of {@link RingFolder.make}. */
export interface RingFolderOptions {
  /** In which it is made. Default: the system's folder of temporary files. */
  readonly folder?: string | undefined
  /** True to leave the newest that a killed process left, for a day, and to say so. Default false. */
  readonly keepsLast?: boolean | undefined
  readonly log?: Log | undefined
}

/** A folder of a ring's own, which lasts as long as the process. */
export class RingFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /**
   * Makes it, and removes what killed processes of this user left beside it.
   *
   * @throws {@link SinkError} `ERR_SINK` when it cannot be made.
   */
  static async make({
    folder: parent = tmpdir(),
    keepsLast,
    log,
  }: RingFolderOptions = {}): Promise<RingFolder> {
    const kept = await sweep(parent, keepsLast === true)
    if (kept !== undefined)
      log?.warning(
        `${kept} is what a recorder kept until it was killed: zcast info, play and export read it; it is removed in a day`,
        undefined,
        'a recorder was killed',
      )
    try {
      const path = await mkdtemp(join(parent, PREFIX))
      new FileLock(join(path, 'lock')).take()
      return new RingFolder(path)
    } catch (error) {
      throw new SinkError(
        `cannot make a folder for the history in ${parent}: ${describeSystemError(error)}`,
        {
          cause: error,
        },
      )
    }
  }

  /** Removes it with everything in it. May be called twice. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}

/** @returns The one that is kept, if any. */
async function sweep(parent: string, keepsLast: boolean): Promise<string | undefined> {
  const names = await readdir(parent).catch(() => [])
  let kept: { readonly path: string; readonly writtenMs: number } | undefined
  for (const name of names) {
    const path = join(parent, name)
    // Whatever goes wrong with what others left is no reason not to begin.
    if (!OWN_NAME.test(name) || !(await isLeftOver(path).catch(() => false))) continue
    let gone: string | undefined = path
    const writtenMs = keepsLast ? await lastWrittenMs(path).catch(() => 0) : 0
    if (writtenMs > Math.max(kept?.writtenMs ?? 0, Date.now() - KEPT_MS)) {
      gone = kept?.path
      kept = { path, writtenMs }
    }
    if (gone !== undefined) await rm(gone, { recursive: true, force: true }).catch(() => undefined)
  }
  // Its lock is this process's now: nobody else removes it meanwhile.
  return kept?.path
}

async function lastWrittenMs(path: string): Promise<number> {
  const segments = (await readdir(path)).filter((name) => name.endsWith('.mcap'))
  const times = await Promise.all(segments.map(async (name) => (await lstat(join(path, name))).mtimeMs))
  return Math.max(0, ...times)
}

/** True for a real folder of this user whose process is gone. */
async function isLeftOver(path: string): Promise<boolean> {
  const status = await lstat(path)
  if (!status.isDirectory() || status.uid !== (process.geteuid?.() ?? status.uid)) return false
  // Somebody else may have named a folder alike: one with what no ring makes, or empty, is left.
  const entries = await readdir(path, { withFileTypes: true })
  const isOurs = entries.every((entry) => entry.isFile() && OWN_FILE.test(entry.name))
  if (entries.length === 0 || !isOurs) return false
  const lock = new FileLock(join(path, 'lock'))
  if (!lock.holder && Date.now() - status.mtimeMs < LOCKED_WITHIN_MS) return false
  // Of several processes that find it, one may remove it.
  return lock.tryBreak() === 'gone' && lock.take()
}
