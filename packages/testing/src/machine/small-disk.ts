import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of a given size in memory, mounted in a folder of its own. */
export interface SmallDisk {
  readonly folder: string
  /** Unmounts it. */
  remove(): void
}

/** Mounts a small disk. @returns The reason when that is not allowed. */
export function mountSmallDisk(bytes: number): SmallDisk | string {
  if (process.platform !== 'linux') return 'only Linux has tmpfs'
  const folder = mkdtempSync(join(tmpdir(), 'zcast-disk-'))
  const options = `size=${bytes},mode=0700`
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  if (status === 0) {
    return {
      folder,
      remove: () => {
        // Lazily: a file on it may still be open when a test has failed.
        spawnSync('umount', ['-l', folder])
        rmdirSync(folder)
      },
    }
  }
  rmdirSync(folder)
  return `no small disk can be mounted: ${error?.message ?? String(stderr).trim()}`
}
