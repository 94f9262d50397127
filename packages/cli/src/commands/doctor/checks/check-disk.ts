import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { formatBytes } from '../../topic/columns.ts'
import { type Finding, fine, problem, warning } from '../finding.ts'

/** With less, logs, recordings and encoded clips are about to fail. */
const FULL_BYTES = 32e6
const LOW_BYTES = 1e9

/** A folder that zcast writes to, and what for. */
export interface WrittenFolder {
  readonly path: string
  /** For sentences: `the error log`. */
  readonly use: string
}

/** Checks that folders can be written to, and that there is room. */
export async function* checkDisk(folders: readonly WrittenFolder[]): AsyncGenerator<Finding, void> {
  const seen = new Set<number>()
  for (const { path, use } of folders) {
    const folder = await nearestFolder(resolve(path))
    const isWritable = await access(folder, constants.W_OK).then(
      () => true,
      () => false,
    )
    if (!isWritable) {
      yield problem(
        'folder-not-writable',
        `${folder}, where ${use} would be written, cannot be written to`,
        'choose another folder, or change its rights',
        { folder },
      )
      continue
    }
    // Folders of the same disk have the same room.
    const { dev } = await stat(folder)
    if (seen.has(dev)) continue
    seen.add(dev)
    const { bavail, bsize, blocks } = await statfs(folder)
    const [free, size] = [bavail * bsize, blocks * bsize]
    const sentence = `${formatBytes(free)} of ${formatBytes(size)} are free in ${folder} (${use})`
    const measurement = { folder, free, size }
    if (free < FULL_BYTES)
      yield problem(
        'disk-full',
        sentence,
        'delete what is not needed there, or choose another folder',
        measurement,
      )
    else if (free < LOW_BYTES) yield warning('disk-low', sentence, 'make room before recording', measurement)
    else yield fine('disk', sentence, measurement)
  }
}

/** A folder that does not exist yet will be made in the nearest one above it that does. */
async function nearestFolder(path: string): Promise<string> {
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  return exists || dirname(path) === path ? path : nearestFolder(dirname(path))
}
