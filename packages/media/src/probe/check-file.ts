import { stat } from 'node:fs/promises'
import { SourceError } from '@zcast/shared'
import { unreadableSource } from '@zcast/shared/internal'

/**
 * Checks that a path is that of a file.
 *
 * @param what - What the file should hold, for the error sentence: `video`.
 * @throws {@link SourceError} `ERR_SOURCE_MISSING` or `ERR_SOURCE_UNREADABLE`.
 */
export async function checkFile(path: string, what: string): Promise<void> {
  const stats = await stat(path).catch((error: unknown) => {
    throw unreadableSource(path, error)
  })
  if (stats.isDirectory()) {
    throw new SourceError('ERR_SOURCE_MISSING', `"${path}" is a folder: give the name of a ${what} file`)
  }
  // A pipe or a device would be read once here, and then be empty or blocked when it is played.
  if (!stats.isFile()) {
    throw new SourceError('ERR_SOURCE_UNREADABLE', `"${path}" is not a file: give the name of a ${what} file`)
  }
}
