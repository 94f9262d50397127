import { constants, readdirSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { StreamError } from '@zcast/shared'
import { describeSystemError, isMissing, WITHOUT_FOLLOWING } from '@zcast/shared/internal'

/** The largest number of files in a log. */
export const MAX_LOG_FILES = 1000

const ROTATED = /^errors(?:\.([1-9]\d{0,2}))?\.log$/

/** A file of the log, opened for reading; the receiver closes it. */
export interface OpenLogFile {
  readonly handle: FileHandle
  /** Distinguishes this file from every other, even after it was renamed. */
  readonly identity: string
  readonly size: number
  /** The time of the last write, in nanoseconds. */
  readonly modified: bigint
}

/** The path of a file of the log: 0 is the one being written, 1 the newest rotated one. */
export function logFilePath(directory: string, index = 0): string {
  return join(directory, index === 0 ? 'errors.log' : `errors.${index}.log`)
}

/** The indexes of the files that exist, in no particular order; none when the directory does not exist. */
export function listLogIndexes(directory: string): number[] {
  let names: string[]
  try {
    names = readdirSync(directory)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
  return names.flatMap((name) => {
    const match = ROTATED.exec(name)
    return match ? [Number(match[1] ?? 0)] : []
  })
}

/** Distinguishes a file from every other, including a later one that gets the same inode number. */
export function fileIdentity(status: { dev: bigint; ino: bigint; birthtimeNs: bigint }): string {
  return `${status.dev}:${status.ino}:${status.birthtimeNs}`
}

/**
 * Opens the files of a log, newest first, each once. A rotation in progress moves files only towards older names, in
 * the direction of this walk, so none is missed; the gaps it leaves are skipped.
 *
 * @throws {@link StreamError} `ERR_LOG_DIRECTORY` when a file exists and cannot be read.
 */
export async function* openLogFiles(directory: string): AsyncGenerator<OpenLogFile> {
  const seen = new Set<string>()
  let highest = -1
  for (let index = 0; index <= highest || index <= (highest = highestIndex(directory)); index++) {
    const file = await openForReading(logFilePath(directory, index))
    if (file && !seen.has(file.identity)) {
      seen.add(file.identity)
      yield file
    } else {
      await file?.handle.close()
    }
  }
}

function highestIndex(directory: string): number {
  return Math.max(-1, ...listLogIndexes(directory))
}

async function openForReading(path: string): Promise<OpenLogFile | undefined> {
  try {
    // Opening a named pipe would wait forever, and a link would show another file.
    const handle = await open(path, constants.O_RDONLY | WITHOUT_FOLLOWING)
    const status = await handle.stat({ bigint: true })
    if (status.isFile()) {
      return { handle, identity: fileIdentity(status), size: Number(status.size), modified: status.mtimeNs }
    }
    await handle.close()
    return undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    const reason = describeSystemError(error)
    throw new StreamError('ERR_LOG_DIRECTORY', `cannot read the error log ${path}: ${reason}`, {
      cause: error,
    })
  }
}
