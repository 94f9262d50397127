import { writeSync } from 'node:fs'
import { type Log, type LogLevel, OptionError, StreamError } from '@zcast/shared'
import { describeSystemError, withSystemCode } from '@zcast/shared/internal'
import { MAX_LOG_FILES } from './log-files.ts'
import { formatLogLine } from './log-line.ts'
import { DEFAULT_LOG_BYTES, DEFAULT_LOG_FILES, RotatingFile } from './rotating-file.ts'

const LEVELS: Readonly<Record<LogLevel, number>> = { error: 0, warning: 1 }
const MIN_LOG_BYTES = 1024

/** The role that logs, and the log it writes to. */
export interface LoggerOptions {
  /** The role shown in each line: `publisher`, `client 1`. Without a colon. */
  readonly role: string
  /** The folder of `errors.log`; created when it does not exist. */
  readonly directory: string
  /** `'error'` leaves warnings out. Default `'warning'`: both are logged. */
  readonly level?: LogLevel | undefined
  /** The size at which the file is rotated, in bytes; at least 1024. Default 1 MiB. */
  readonly maxBytes?: number | undefined
  /** The number of files kept, including the one being written; 1 to 1000. Default 5. */
  readonly maxFiles?: number | undefined
  /**
   * Called with one sentence when the log cannot be written, and not again until writing has worked. Default: prints a
   * line on stderr.
   */
  readonly onFailure?: ((sentence: string) => void) | undefined
}

/**
 * Opens the error log. Several processes, and several logs in one process, may share a directory.
 *
 * winston is loaded here and not before: it takes 25 to 55 ms, so call this early and await it late.
 *
 * A full disk or a directory without write permission does not stop it: `onFailure` is called, and each line tries
 * again.
 *
 * @throws {@link StreamError} `ERR_LOG_DIRECTORY` when the directory cannot be created, for example because a file is
 *   in its place.
 * @throws {@link OptionError} `ERR_OPTION` when a size or number is out of range.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { createLogger } from '@zcast/log'
 *
 * const directory = await mkdtemp(join(tmpdir(), 'log-'))
 * const log = await createLogger({ directory, role: 'sensor' })
 * log.warning('the sensor has said nothing for 5 s')
 * log.close()
 * ```
 */
export async function createLogger(options: LoggerOptions): Promise<Log> {
  const {
    role,
    directory,
    level = 'warning',
    maxBytes = DEFAULT_LOG_BYTES,
    maxFiles = DEFAULT_LOG_FILES,
  } = options
  requireInteger('maxBytes', maxBytes, MIN_LOG_BYTES, Number.MAX_SAFE_INTEGER)
  requireInteger('maxFiles', maxFiles, 1, MAX_LOG_FILES)
  const file = new RotatingFile({
    directory,
    maxBytes,
    maxFiles,
    onFailure: options.onFailure ?? writeToStderr,
  })
  openOrExplain(file, directory)
  const [{ default: winston }, { RotatingFileTransport }] = await Promise.all([
    import('winston'),
    import('./rotating-file-transport.ts'),
  ])
  const line = winston.format.printf((event) =>
    formatLogLine({
      pid: process.pid,
      time: new Date(),
      level: event.level as LogLevel,
      role,
      message: String(event.message),
    }),
  )
  const logger = winston.createLogger({
    levels: { ...LEVELS },
    level,
    format: line,
    transports: [new RotatingFileTransport(file)],
  })
  return {
    error: (message, cause) => void logger.log('error', withSystemCode(message, cause)),
    warning: (message, cause) => void logger.log('warning', withSystemCode(message, cause)),
    close: () => file.close(),
  }
}

function openOrExplain(file: RotatingFile, directory: string): void {
  try {
    file.open()
  } catch (error) {
    file.close()
    throw new StreamError(
      'ERR_LOG_DIRECTORY',
      `cannot write the error log in "${directory}": ${describeSystemError(error)}: choose another folder`,
      { cause: error },
    )
  }
}

function requireInteger(name: string, value: number, lowest: number, highest: number): void {
  if (Number.isSafeInteger(value) && value >= lowest && value <= highest) return
  throw new OptionError(`${name} must be a whole number from ${lowest} to ${highest}, got ${value}`)
}

function writeToStderr(sentence: string): void {
  try {
    // process.stderr would raise an uncaught error later, once nobody reads it.
    writeSync(2, `${sentence}\n`)
  } catch {
    // There is nowhere left to report it.
  }
}
