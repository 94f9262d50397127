import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { isMissing } from '@zcast/shared/internal'

/**
 * Creates a directory and its parents. `mkdirSync` with `recursive` never returns where the system answers "no such
 * file" although the parent exists, as in /proc (seen with Node 20).
 */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have created it first.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
    const parent = dirname(path)
    if (!isMissing(error) || parent === path || statSync(parent, { throwIfNoEntry: false })) throw error
    makeDirectory(parent)
    makeDirectory(path)
  }
}
