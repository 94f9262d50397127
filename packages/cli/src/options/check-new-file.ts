import { lstatSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { OptionError } from '@zcast/shared'

/**
 * Checks, before anything is opened, that a file to write can be made: it is not there yet, and its folder is.
 *
 * @throws {@link OptionError} when it cannot.
 */
export function checkNewFile(path: string | undefined): void {
  if (path === undefined) return
  if (lstatSync(path, { throwIfNoEntry: false }))
    throw new OptionError(`${path} exists already: choose another name, or remove it first`)
  const folder = dirname(path)
  if (!isFolder(folder))
    throw new OptionError(`cannot write ${path}: there is no folder "${folder}": make it first`)
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
