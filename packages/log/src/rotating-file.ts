import { closeSync, constants, fstatSync, lstatSync, readSync, writeSync } from 'node:fs'
import { describeSystemError, systemErrorCode } from '@zcast/shared'
import { openOwnFile } from '@zcast/shared/internal'
import { FailureNotice } from './failure-notice.ts'
import { fileIdentity, isMissing, logFilePath } from './log-files.ts'
import { encodeLine } from './log-line.ts'
import { makeDirectory } from './make-directory.ts'
import { rotateFiles } from './rotate-files.ts'
import { RotationLock } from './rotation-lock.ts'
import { sleepSync } from './sleep-sync.ts'

/** The size at which the log is rotated unless told otherwise, in bytes: 1 MiB. */
export const DEFAULT_LOG_BYTES = 1_048_576
/** How many files the log keeps unless told otherwise, the one being written included. */
export const DEFAULT_LOG_FILES = 5

const RETRY_ROTATION_MS = 5000
/** Another process that rotates is done after a millisecond or two; the file grows by a few lines meanwhile. */
const RETRY_BUSY_MS = 10
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT
const TORN_AFTER_MS = 250
const NEWLINE = 0x0a
/** What may be mended while the process runs, and is no reason not to stream. */
const PASSING_FAILURES = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE'])

/** What a {@link RotatingFile} is made of. */
export interface RotatingFileOptions {
  readonly directory: string
  /** A line that would make the file larger than this goes to a new file. */
  readonly maxBytes: number
  /** 1 to 1000. */
  readonly maxFiles: number
  /** Told one sentence when writing or rotating starts to fail. Must not throw. */
  readonly onFailure: (sentence: string) => void
}

interface CurrentFile {
  readonly fd: number
  readonly identity: string
  /** The file's size when the last line was about to be written, and that line's length. */
  expectedSize: number
}

/**
 * `errors.log` in a directory, shared by any number of processes and rotated by size to `errors.1.log`, ...
 *
 * Each line is one synchronous append, so lines of several processes never mix, and a line is in the file when
 * {@link append} returns. A line is never lost for the sake of rotation: while the lock cannot be had, the file grows.
 * The directory has to be on a local disk; network file systems do not append in one step.
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
  /** Since when another process has held the lock, each time it was asked for. */
  #busySinceMs: number | undefined

  constructor(options: RotatingFileOptions) {
    this.#options = options
    this.#path = logFilePath(options.directory)
    this.#lock = new RotationLock(`${this.#path}.lock`, { waitMs: 0 })
    this.#writing = new FailureNotice(options.onFailure)
    this.#rotating = new FailureNotice(options.onFailure)
  }

  /**
   * Opens the file, making it and its directory. A full disk and a folder that may not be written are said, as they are
   * in the middle of a run, and tried again with the next line.
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

  /** Appends one line; never throws. @returns Whether it is in the file. */
  append(line: string): boolean {
    try {
      this.#write(encodeLine(line))
    } catch (error) {
      this.#tellFailure(error)
      return false
    }
    this.#writing.succeeded()
    // Said only now: when the line could not be written either, one sentence is enough.
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
    // Another process may have died or run out of space in the middle of its line.
    const bytes =
      size !== file.expectedSize && isTorn(file.fd) ? Buffer.concat([Buffer.of(NEWLINE), line]) : line
    const written = writeSync(file.fd, bytes)
    file.expectedSize = size + bytes.length
    // The rest is not written on its own: another process may have written since, and the next line ends this one.
    if (written < bytes.length) throw new Error('the disk took only a part of a line')
  }

  /** The file that has the name now: another process may have rotated the one that was open. */
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
    // Nothing waits for the lock: streaming goes on in this very thread.
    this.#busySinceMs ??= nowMs
    if (reason.startsWith('another') && nowMs - this.#busySinceMs < RETRY_ROTATION_MS) {
      this.#rotateNotBefore = nowMs + RETRY_BUSY_MS
      return false
    }
    this.#rotateNotBefore = performance.now() + RETRY_ROTATION_MS
    this.#rotationProblem = `cannot rotate the error log ${this.#path}: ${reason}; it grows until that is possible again`
    return false
  }
}

/**
 * Whether the last line lacks its newline. Linux shows a line that crosses a page as half a line while it is being
 * written, for as long as the system holds its writer up; so half a line counts as torn only after a while.
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
