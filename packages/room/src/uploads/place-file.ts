import { link, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '@zcast/shared/internal'
import { safeFileName } from './safe-file-name.ts'

/** More files of one name are not expected. */
const MAX_NUMBER = 9999

/**
 * Moves a file into a folder of the same file system under a free name, and never overwrites: two at the same time get
 * two names.
 *
 * @returns The name that it has there.
 * @throws The system's error when the folder cannot be written.
 */
export async function placeFile(file: string, folder: string, name: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const free = safeFileName(name, number)
    try {
      await take(file, join(folder, free))
      return free
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST' || number === MAX_NUMBER) throw error
    }
  }
}

/** Where a file system has no hard links (exFAT, some of the network), an empty file of ours holds the name first. */
async function take(file: string, target: string): Promise<void> {
  try {
    await link(file, target)
    await rm(file)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(systemErrorCode(error) ?? '')) throw error
    await (await open(target, 'wx')).close()
    await rename(file, target)
  }
}
