import { open, type FileHandle } from 'node:fs/promises'
import { OptionError, SinkError, systemErrorCode } from '../errors.ts'
import { describeSystemError } from '../system-error.ts'
import { canBeReplaced } from './folder-safety.ts'

/**
 * Makes a file to record to, which must not be there yet.
 *
 * @throws {@link OptionError} `ERR_OPTION` when it exists already.
 * @throws {@link SinkError} `ERR_SINK` when it cannot be written, or others may put another file in its place.
 */
export async function createNewFile(path: string): Promise<FileHandle> {
  if (await canBeReplaced(path)) {
    throw new SinkError(
      `cannot record to ${path}: other users could replace the file, so choose a folder that only you may write to`,
    )
  }
  try {
    return await open(path, 'wx')
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') {
      throw new OptionError(`${path} exists already: choose another name, or remove it first`, {
        cause: error,
      })
    }
    throw new SinkError(`cannot write ${path}: ${describeSystemError(error)}`, { cause: error })
  }
}
