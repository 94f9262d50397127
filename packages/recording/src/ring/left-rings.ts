import type { Dirent } from 'node:fs'
import { lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FileLock, isMissing } from '@zcast/shared/internal'

/** What the folder of a ring is named like. */
export const PREFIX = 'zcast-history-'
/** The file of a folder that says whose ring it is: the name of a recording, or nothing for a page. */
export const OWNER_FILE = 'owner'
/** The file that says when a recorder first found what a killed one left, in milliseconds since the Unix epoch. */
const FOUND_FILE = 'found'
const OWN_NAME = /^zcast-history-[A-Za-z0-9]{6}$/
/** What a ring keeps in its folder, and nothing else: a lock and what is made to break it, and its segments. */
const OWN_FILE = /^(owner|found|lock(\..*)?|(light|heavy-\d+)-\d+\.mcap)$/
/** What a killed recorder left is kept for so long after it was found, and not more of them than this. */
const KEPT_MS = 24 * 3600 * 1000
const MOST_KEPT = 3
/** A folder has its lock at once; one without it that is older was left by a process that was killed before. */
const LOCKED_WITHIN_MS = 60_000
/** The time in the name of a recording that is named after it. */
const TIME = /\d{4}-\d\d-\d\d([T_-][\d-]+Z?)?/g

interface LeftRing {
  readonly path: string
  /** Of its segments. */
  readonly bytes: number
  /** Milliseconds since the Unix epoch; `undefined` for one that no recorder has found before. */
  readonly foundMs: number | undefined
}

/**
 * Removes what killed processes of this user left of their rings: a page what pages left; a recording what the same
 * recording left, a day after it was first found. Of more than three it keeps what it has just found, and the largest.
 * What cannot be looked at is left.
 *
 * @param recording - Its name; `undefined` for a page.
 * @returns Those that are kept.
 */
export async function sweepRings(parent: string, recording: string | undefined): Promise<readonly string[]> {
  const left: LeftRing[] = []
  for (const name of await readdir(parent).catch(() => [])) {
    // Whatever goes wrong with what others left is no reason not to begin.
    const ring = OWN_NAME.test(name) && (await look(join(parent, name), recording).catch(() => undefined))
    if (ring) left.push(ring)
  }
  const now = Date.now()
  const worthKeeping = left
    .filter(({ bytes, foundMs = now }) => recording !== undefined && bytes > 0 && now - foundMs < KEPT_MS)
    .toSorted(compareFound)
  const kept = worthKeeping.slice(0, MOST_KEPT)
  for (const ring of left)
    if (!kept.includes(ring)) await rm(ring.path, { recursive: true, force: true }).catch(() => undefined)
  for (const { path, foundMs } of kept)
    if (foundMs === undefined) await writeFile(join(path, FOUND_FILE), String(now)).catch(() => undefined)
  return kept.map(({ path }) => path)
}

/** What has just been found first, then the largest. */
function compareFound(a: LeftRing, b: LeftRing): number {
  const isNew = ({ foundMs }: LeftRing): number => (foundMs === undefined ? 1 : 0)
  return isNew(b) - isNew(a) || b.bytes - a.bytes
}

/** Looks at a folder. @returns `undefined` unless it is what a killed process of this user and this owner left. */
async function look(path: string, recording: string | undefined): Promise<LeftRing | undefined> {
  const status = await lstat(path)
  if (!status.isDirectory() || status.uid !== (process.geteuid?.() ?? status.uid)) return undefined
  // Somebody else may have named a folder alike: one with what no ring makes, or empty, is left.
  const entries = await readdir(path, { withFileTypes: true })
  const isOurs = entries.every((entry) => entry.isFile() && OWN_FILE.test(entry.name))
  if (entries.length === 0 || !isOurs) return undefined
  const bytes = await segmentBytes(path, entries)
  const owner = await readIfThere(join(path, OWNER_FILE))
  // Without an owner it is of an earlier version, and may be a recorder's.
  const isMine = owner === undefined ? bytes === 0 || recording !== undefined : isSameName(owner, recording)
  if (!isMine) return undefined
  const found = Number(await readIfThere(join(path, FOUND_FILE)))
  const lock = new FileLock(join(path, 'lock'))
  if (!lock.holder && Date.now() - status.mtimeMs < LOCKED_WITHIN_MS) return undefined
  // Of several processes that find it, one has it from now on, and nobody else removes it meanwhile.
  if (lock.tryBreak() !== 'gone' || !lock.take()) return undefined
  return { path, bytes, foundMs: found > 0 ? found : undefined }
}

async function segmentBytes(path: string, entries: readonly Dirent[]): Promise<number> {
  let bytes = 0
  for (const { name } of entries) if (name.endsWith('.mcap')) bytes += (await lstat(join(path, name))).size
  return bytes
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** True for one recording, also where each of its files is named after the time. */
function isSameName(owner: string, recording = ''): boolean {
  return owner.replaceAll(TIME, '') === recording.replaceAll(TIME, '')
}
