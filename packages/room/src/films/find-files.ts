import { type BigIntStats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** A file below a folder. */
export interface FoundFile {
  /** Absolute path. */
  readonly path: string
  /** Its path within the folder, with `/`. */
  readonly within: string
  readonly bytes: number
  /** Another one after each change. */
  readonly state: string
  /** When it was changed last, in milliseconds since the Unix epoch. */
  readonly changedMs: number
}

/** What {@link findFiles} has found. */
export interface FoundFiles {
  readonly files: readonly FoundFile[]
  /** What is passed over, as paths within the folder: links, pipes, devices. */
  readonly others: readonly string[]
  /** Whether there was more than is looked at. */
  readonly isCut: boolean
}

/** Entries that are looked at, hidden ones included. */
const MAX_ENTRIES = 5000
const MAX_DEPTH = 4

/**
 * Finds the files of a folder and of the folders in it, in the order of their names. Nothing outside is reached: links
 * are not followed. Hidden ones (`.name`) are passed over.
 *
 * @throws The system's error when the folder itself cannot be read.
 */
export async function findFiles(folder: string): Promise<FoundFiles> {
  const files: FoundFile[] = []
  const others: string[] = []
  let entries = 0
  const search = async (path: string, depth: number): Promise<void> => {
    for (const name of (await readdir(path)).toSorted(byName)) {
      if (entries++ >= MAX_ENTRIES) return
      if (name.startsWith('.')) continue
      const own = join(path, name)
      const status = await look(own)
      if (!status) continue
      const within = relative(folder, own).replaceAll('\\', '/')
      if (status.isDirectory()) {
        if (depth < MAX_DEPTH) await search(own, depth + 1).catch(() => others.push(within))
      } else if (status.isFile()) files.push(describe(own, within, status))
      else others.push(within)
    }
  }
  await search(folder, 1)
  return { files, others, isCut: entries > MAX_ENTRIES }
}

/** A file as it is now; `undefined` when there is none (any more). */
export async function describeFile(path: string, within: string): Promise<FoundFile | undefined> {
  const status = await look(path)
  return status?.isFile() ? describe(path, within, status) : undefined
}

/** Not through a link. */
function look(path: string): Promise<BigIntStats | undefined> {
  return lstat(path, { bigint: true }).catch(() => undefined)
}

function describe(path: string, within: string, { ino, size, mtimeNs, mtimeMs }: BigIntStats): FoundFile {
  return { path, within, bytes: Number(size), state: `${ino} ${size} ${mtimeNs}`, changedMs: Number(mtimeMs) }
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function byName(one: string, other: string): number {
  return collator.compare(one, other) || (one < other ? -1 : 1)
}
