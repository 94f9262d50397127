import { SourceError, systemErrorCode } from '../errors.ts'
import { describeSystemError } from '../system-error.ts'

/**
 * Why a file or folder that somebody named cannot be read.
 *
 * @param error - What the file system said.
 * @returns `ERR_SOURCE_MISSING` when it is not there, or is a folder in place of a file; else `ERR_SOURCE_UNREADABLE`.
 */
export function unreadableSource(
  path: string,
  error: unknown,
  kind: 'file' | 'folder' = 'file',
): SourceError {
  const options = { cause: error }
  const code = systemErrorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new SourceError('ERR_SOURCE_MISSING', `there is no ${kind} "${path}": check its name`, options)
  if (code === 'EISDIR')
    return new SourceError('ERR_SOURCE_MISSING', `"${path}" is a folder: give the name of a file`, options)
  const reason = describeSystemError(error)
  return new SourceError(
    'ERR_SOURCE_UNREADABLE',
    `cannot read "${path}": ${reason}: check its permissions`,
    options,
  )
}
