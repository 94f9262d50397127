import { fstatSync, readFileSync, readlinkSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { SourceError, systemErrorCode } from './errors.ts'

const READ_WRITE = 2
const WRITE_ONLY = 1

/**
 * Standard input, after checking that it can be read: Node treats a folder as an empty file, and opens `/dev/null` in
 * place of a closed descriptor.
 *
 * @throws {@link SourceError} `ERR_SOURCE_UNREADABLE` when it is a folder, closed, or open for writing only.
 */
export function openStandardInput(): Readable {
  const reason = refuseInput()
  if (reason === undefined) return process.stdin
  throw new SourceError(
    'ERR_SOURCE_UNREADABLE',
    `standard input ${reason}: give it a file with "<", or a program with "|"`,
  )
}

function refuseInput(): string | undefined {
  try {
    if (fstatSync(0).isDirectory()) return 'is a folder'
  } catch (error) {
    if (systemErrorCode(error) === 'EBADF') return 'is closed'
    throw error
  }
  const access = accessMode()
  if (access === WRITE_ONLY) return 'cannot be read because it is open for writing only'
  // Users who mean /dev/null open it for reading; Node and container runtimes, which put it in place of a closed
  // descriptor, open it for both.
  if (access === READ_WRITE && readlinkSync('/proc/self/fd/0') === '/dev/null') return 'is closed'
  return undefined
}

/** The access mode in which the system opened standard input; `undefined` where it is unknown, as outside Linux. */
function accessMode(): number | undefined {
  try {
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8')) ?? []
    return flags === undefined ? undefined : Number.parseInt(flags, 8) & 3
  } catch {
    return undefined
  }
}
