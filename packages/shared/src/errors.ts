/**
 * Every code a zcast error can carry; stable between versions, so programs may match on it.
 *
 * - `ERR_OPTION` an option's value is out of range or cannot be read
 * - `ERR_CONFIG` the configuration file is missing, is not JSON, or names an unknown option
 * - `ERR_KEY` a key file is missing, damaged, exists already, or its keys do not belong together
 * - `ERR_TOPIC` a topic or stream name breaks the naming rules
 * - `ERR_ENDPOINT` an endpoint cannot be parsed
 * - `ERR_ADDRESS_IN_USE` another process listens there already
 * - `ERR_ADDRESS_UNAVAILABLE` this machine cannot bind or reach that address
 * - `ERR_VALUE` a value to be sent is not numbers, or its rows do not match their columns
 * - `ERR_MESSAGE_SIZE` a value does not fit a message
 * - `ERR_SOURCE_MISSING`, `ERR_SOURCE_UNREADABLE`, `ERR_SOURCE_FAILED` a source cannot be found, cannot be read, or
 *   ended unexpectedly
 * - `ERR_FFMPEG` no usable ffmpeg
 * - `ERR_FRAME` bytes are not a picture, or have a different size than stated
 * - `ERR_SINK` a sink cannot write
 * - `ERR_LOG_DIRECTORY` the log directory cannot be created or read
 * - `ERR_UNSAFE_FILE` a file or folder may have been put there by somebody else: a link, a pipe, another user's file
 * - `ERR_FILE_IN_USE` another process uses the same files
 * - `ERR_MEMORY_LIMIT` a queue that must not lose anything reached its limit
 * - `ERR_DENIED` a publisher refused this client for its whole run
 * - `ERR_SILENT` nothing came, in the time that there was, of what was asked for
 * - `ERR_CURVE` this build of ZeroMQ cannot encrypt, or another part of the process decides who may connect
 * - `ERR_CLOSED` used after close
 * - `ERR_PROCESS` a supervised process ended unexpectedly
 */
export type ErrorCode =
  | 'ERR_OPTION'
  | 'ERR_CONFIG'
  | 'ERR_KEY'
  | 'ERR_TOPIC'
  | 'ERR_ENDPOINT'
  | 'ERR_ADDRESS_IN_USE'
  | 'ERR_ADDRESS_UNAVAILABLE'
  | 'ERR_VALUE'
  | 'ERR_MESSAGE_SIZE'
  | 'ERR_SOURCE_MISSING'
  | 'ERR_SOURCE_UNREADABLE'
  | 'ERR_SOURCE_FAILED'
  | 'ERR_FFMPEG'
  | 'ERR_FRAME'
  | 'ERR_SINK'
  | 'ERR_LOG_DIRECTORY'
  | 'ERR_UNSAFE_FILE'
  | 'ERR_FILE_IN_USE'
  | 'ERR_MEMORY_LIMIT'
  | 'ERR_DENIED'
  | 'ERR_SILENT'
  | 'ERR_CURVE'
  | 'ERR_CLOSED'
  | 'ERR_PROCESS'

/**
 * The base of all zcast errors. `message` is one sentence for people: what happened, to what, what to do. Match on
 * `code`, never on the sentence; `cause` keeps the underlying library's error.
 */
export class StreamError extends Error {
  /** The stable code of this error. */
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** A usage error: an option or the configuration is wrong. Thrown before any socket opens; exit status 2. */
export class OptionError extends StreamError {
  constructor(
    message: string,
    options?: ErrorOptions & {
      code?: 'ERR_OPTION' | 'ERR_CONFIG' | 'ERR_KEY' | 'ERR_TOPIC' | 'ERR_ENDPOINT'
    },
  ) {
    super(options?.code ?? 'ERR_OPTION', message, options)
  }
}

/** An endpoint that cannot be parsed (`ERR_ENDPOINT`), bound or reached (`ERR_ADDRESS_...`). */
export class EndpointError extends StreamError {
  /** The endpoint as it was given. */
  readonly endpoint: string

  constructor(
    code: 'ERR_ENDPOINT' | 'ERR_ADDRESS_IN_USE' | 'ERR_ADDRESS_UNAVAILABLE',
    endpoint: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(code, message, options)
    this.endpoint = endpoint
  }
}

/**
 * A value that cannot be sent (`ERR_VALUE`, `ERR_MESSAGE_SIZE`, `ERR_MEMORY_LIMIT`), or bytes that are not a picture
 * (`ERR_FRAME`).
 */
export class CodecError extends StreamError {
  // oxlint-disable-next-line no-useless-constructor -- narrows the codes
  constructor(
    code: 'ERR_VALUE' | 'ERR_MESSAGE_SIZE' | 'ERR_FRAME' | 'ERR_MEMORY_LIMIT',
    message: string,
    options?: ErrorOptions,
  ) {
    super(code, message, options)
  }
}

/** A source that is missing, unreadable, or ended unexpectedly while streaming; or no ffmpeg to read it with. */
export class SourceError extends StreamError {
  // oxlint-disable-next-line no-useless-constructor -- narrows the codes
  constructor(
    code: 'ERR_SOURCE_MISSING' | 'ERR_SOURCE_UNREADABLE' | 'ERR_SOURCE_FAILED' | 'ERR_FFMPEG',
    message: string,
    options?: ErrorOptions,
  ) {
    super(code, message, options)
  }
}

/** A sink that cannot write what it was given (`ERR_SINK`). */
export class SinkError extends StreamError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_SINK', message, options)
  }
}

/** Something that was used after it had been closed (`ERR_CLOSED`). */
export class ClosedError extends StreamError {
  constructor(what: string) {
    super('ERR_CLOSED', `${what} is closed`)
  }
}

/**
 * The system's error code (`EADDRINUSE`, `ENOENT`, ...) of anything thrown, or `undefined`. Errors from Node and ZeroMQ
 * may come from another realm, so `instanceof Error` is not used.
 */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The message of anything thrown, on one line. */
export function errorMessage(error: unknown): string {
  const text =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
  return text.replaceAll(/\s*\n\s*/g, ' ').trim()
}
