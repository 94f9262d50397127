import { constants, readdirSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { describeSystemError, StreamError, systemErrorCode } from '@zcast/shared'
import { WITHOUT_FOLLOWING } from '@zcast/shared/internal'

/** The most files a log may consist of. */
export const MAX_LOG_FILES = 1000

const ROTATED = /^errors(?:\.([1-9]\d{0,2}))?\.log$/

/** A file of the log, opened for reading; whoever gets it closes it. */
export interface OpenLogFile {
  readonly handle: FileHandle
  /** Tells this file from every other, also after it was renamed. */
  readonly identity: string
  readonly size: number
  /** When it was last written, in nanoseconds. */
  readonly modified: bigint
}

/** The path of a file of the log: 0 is the one being written, 1 the newest of the rotated ones. */
export function logFilePath(directory: string, index = 0): string {
  return join(directory, index === 0 ? 'errors.log' : `errors.${index}.log`)
}

/** The indexes of the files that exist, in no order; none when the directory does not exist. */
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

/** Tells a file from every other, also from a later one that the system gives the same number. */
export function fileIdentity(status: { dev: bigint; ino: bigint; birthtimeNs: bigint }): string {
  return `${status.dev}:${status.ino}:${status.birthtimeNs}`
}

/** Whether an error means that a file or its directory does not exist. */
export function isMissing(error: unknown): boolean {
  const code = systemErrorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/**
 * Opens the files of a log, newest first, each once. A rotation under way moves files only towards older names, the
 * way this walk goes, so none is missed; and it leaves gaps, which are stepped over.
 *
 * @throws {@link StreamError} `ERR_LOG_DIRECTORY` when a file is there and cannot be read.
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
    // A named pipe would make it wait for ever, and a link show another file.
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
    throw new StreamError('ERR_LOG_DIRECTORY', `the error log ${path} cannot be read: ${reason}`, {
      cause: error,
    })
  }
}
