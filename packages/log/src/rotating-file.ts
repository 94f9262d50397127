import { closeSync, constants, fstatSync, lstatSync, readSync, writeSync } from 'node:fs'
import { describeSystemError, isMissing, openOwnFile, systemErrorCode } from '@zcast/shared/internal'
import { FailureNotice } from './failure-notice.ts'
import { fileIdentity, logFilePath } from './log-files.ts'
import { encodeLine } from './log-line.ts'
import { makeDirectory } from './make-directory.ts'
import { rotateFiles } from './rotate-files.ts'
import { RotationLock } from './rotation-lock.ts'
import { sleepSync } from './sleep-sync.ts'

/** The default size at which the log is rotated, in bytes: 1 MiB. */
export const DEFAULT_LOG_BYTES = 1_048_576
/** The default number of files in the log, including the one being written. */
export const DEFAULT_LOG_FILES = 5

const RETRY_ROTATION_MS = 5000
/** Another process finishes rotating within a millisecond or two; the file grows by a few lines meanwhile. */
const RETRY_BUSY_MS = 10
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT
const TORN_AFTER_MS = 250
const NEWLINE = 0x0a
/** Failures that may be fixed while the process runs, and are no reason not to stream. */
const PASSING_FAILURES = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE'])

/** Options of a {@link RotatingFile}. */
export interface RotatingFileOptions {
  readonly directory: string
  /** A line that would make the file larger than this goes to a new file. */
  readonly maxBytes: number
  /** 1 to 1000. */
  readonly maxFiles: number
  /** Called with one sentence when writing or rotating starts to fail. Must not throw. */
  readonly onFailure: (sentence: string) => void
}

interface CurrentFile {
  readonly fd: number
  readonly identity: string
  /** The file's size just before the last line was written, plus that line's length. */
  expectedSize: number
}

/**
 * `errors.log` in a directory, shared by any number of processes and rotated by size to `errors.1.log`, ...
 *
 * Each line is one synchronous append, so lines of several processes never mix, and a line is in the file when {@link
 * append} returns. Rotation never loses a line: while the lock cannot be taken, the file grows. The directory must be
 * on a local disk; network file systems do not append in one step.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions
  readonly #path: string
  readonly #lock: RotationLock
  readonly #writing: FailureNotice
  readonly #rotating: FailureNotice
  #file: CurrentFile | undefined
  #rotationProblem: string | undefined
  #rotateNotBefore = 0
  /** The time from which another process has held the lock at every attempt. */
  #busySinceMs: number | undefined

  constructor(options: RotatingFileOptions) {
    this.#options = options
    this.#path = logFilePath(options.directory)
    this.#lock = new RotationLock(`${this.#path}.lock`, { waitMs: 0 })
    this.#writing = new FailureNotice(options.onFailure)
    this.#rotating = new FailureNotice(options.onFailure)
  }

  /**
   * Opens the file, creating it and its directory. A full disk and missing write permission are reported as they are
   * during a run, and the next line tries again.
   *
   * @throws the system's error when something else is in the way, such as a file in the folder's place.
   */
  open(): void {
    try {
      this.#current()
    } catch (error) {
      if (!PASSING_FAILURES.has(systemErrorCode(error) ?? '')) throw error
      this.#tellFailure(error)
    }
  }

  /** Appends one line; never throws. @returns True when the line is in the file. */
  append(line: string): boolean {
    try {
      this.#write(encodeLine(line))
    } catch (error) {
      this.#tellFailure(error)
      return false
    }
    this.#writing.succeeded()
    // Reported only now: when the line could not be written either, one sentence is enough.
    if (this.#rotationProblem !== undefined) this.#rotating.failed(this.#rotationProblem)
    return true
  }

  /** Closes the file. May be called twice; a later line opens it again. */
  close(): void {
    if (!this.#file) return
    const { fd } = this.#file
    this.#file = undefined
    closeSync(fd)
  }

  #tellFailure(error: unknown): void {
    this.#writing.failed(
      `cannot write the error log ${this.#path}: ${describeSystemError(error)}; ` +
        'streaming goes on, but errors are not recorded until it can be written again',
    )
  }

  #write(line: Buffer): void {
    let { file, size } = this.#current()
    if (this.#isTooLarge(size, line.length) && this.#rotate(line.length)) ({ file, size } = this.#current())
    // Another process may have died or run out of space in the middle of a line.
    const bytes =
      size !== file.expectedSize && isTorn(file.fd) ? Buffer.concat([Buffer.of(NEWLINE), line]) : line
    const written = writeSync(file.fd, bytes)
    file.expectedSize = size + bytes.length
    // The rest is not written separately: another process may have written since, and the next line starts with a
    // newline.
    if (written < bytes.length) throw new Error('the disk took only a part of a line')
  }

  /** The file that currently has the name: another process may have rotated the one that was open. */
  #current(): { file: CurrentFile; size: number } {
    const named = lstatSync(this.#path, { bigint: true, throwIfNoEntry: false })
    if (this.#file && named && fileIdentity(named) === this.#file.identity) {
      return { file: this.#file, size: Number(named.size) }
    }
    this.close()
    const fd = this.#openOrMake()
    const status = fstatSync(fd, { bigint: true })
    this.#file = { fd, identity: fileIdentity(status), expectedSize: 0 }
    return { file: this.#file, size: Number(status.size) }
  }

  #openOrMake(): number {
    try {
      return openOwnFile(this.#path, APPEND)
    } catch (error) {
      if (!isMissing(error)) throw error
      makeDirectory(this.#options.directory)
      return openOwnFile(this.#path, APPEND)
    }
  }

  #isTooLarge(size: number, length: number): boolean {
    return size > 0 && size + length > this.#options.maxBytes
  }

  #rotate(length: number): boolean {
    const { directory, maxFiles } = this.#options
    if (performance.now() < this.#rotateNotBefore) return false
    let reason = 'another process holds the lock'
    const nowMs = performance.now()
    try {
      const isNeeded = (): boolean =>
        this.#isTooLarge(lstatSync(this.#path, { throwIfNoEntry: false })?.size ?? 0, length)
      if (this.#lock.run(() => rotateFiles(directory, maxFiles), isNeeded)) {
        this.#rotationProblem = undefined
        this.#busySinceMs = undefined
        this.#rotating.succeeded()
        return true
      }
    } catch (error) {
      reason = describeSystemError(error)
    }
    // Nothing waits for the lock: streaming runs on this same thread.
    this.#busySinceMs ??= nowMs
    if (reason.startsWith('another') && nowMs - this.#busySinceMs < RETRY_ROTATION_MS) {
      this.#rotateNotBefore = nowMs + RETRY_BUSY_MS
      return false
    }
    this.#rotateNotBefore = performance.now() + RETRY_ROTATION_MS
    this.#rotationProblem = `cannot rotate the error log ${this.#path}: ${reason}; it keeps growing until it can be rotated`
    return false
  }
}

/**
 * True when the last line lacks its newline. While a line that crosses a page is being written, Linux shows half of it,
 * for as long as the writer is held up; so a partial line counts as torn only after a while.
 */
function isTorn(fd: number): boolean {
  const deadline = performance.now() + TORN_AFTER_MS
  while (!endsWithNewline(fd)) {
    if (performance.now() >= deadline) return true
    sleepSync(1)
  }
  return false
}

function endsWithNewline(fd: number): boolean {
  const { size } = fstatSync(fd)
  const last = Buffer.of(NEWLINE)
  if (size > 0) readSync(fd, last, 0, 1, size - 1)
  return last[0] === NEWLINE
}
