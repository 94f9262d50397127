import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UNFINISHED } from './clip-writer.ts'

/** The ending of files with the encoded pictures of a clip. */
export const CLIP_FILE = '.clip'

// A file that is being written grows with each picture, at least every 10 s.
const DEAD_AFTER_MS = 10 * 60_000

interface KeptFile {
  readonly path: string
  readonly bytes: number
  readonly usedMs: number
}

/**
 * Deletes the least recently used clips until the others and `bytes` more are within the limit, and also what killed
 * writers left behind. Another process may do the same at the same time.
 *
 * @param ownPath - A file that is not counted.
 */
export async function evictClips(
  directory: string,
  limitBytes: number,
  bytes: number,
  ownPath: string,
): Promise<void> {
  const files: KeptFile[] = []
  let total = bytes
  for (const name of await readdir(directory)) {
    const path = join(directory, name)
    const unfinished = name.endsWith(UNFINISHED)
    if (path === ownPath || !(unfinished || name.endsWith(CLIP_FILE))) continue
    const stats = await stat(path).catch(() => undefined)
    if (!stats) continue
    if (unfinished && Date.now() - stats.mtimeMs > DEAD_AFTER_MS) await remove(path)
    else total += stats.size
    if (!unfinished) files.push({ path, bytes: stats.size, usedMs: stats.mtimeMs })
  }
  files.sort((a, b) => a.usedMs - b.usedMs)
  for (const file of files) {
    if (total <= limitBytes) return
    if (await remove(file.path)) total -= file.bytes
  }
}

/** Windows does not delete a file while it is being read. */
async function remove(path: string): Promise<boolean> {
  return rm(path, { force: true }).then(
    () => true,
    () => false,
  )
}
