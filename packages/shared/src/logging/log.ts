/** The severity of a logged event. */
export type LogLevel = 'error' | 'warning'

/**
 * The destination of errors and warnings. Writing is synchronous and never throws: when the process dies right after a
 * call, its line is in the file; when the file cannot be written, streaming continues.
 */
export interface Log {
  /**
   * Logs an error.
   *
   * @param message - One sentence without a full stop: what happened, to what.
   * @param cause - Anything thrown; its system code (`EADDRINUSE`) is added in parentheses when the message lacks it.
   * @param key - Identifies repeats of the same event; needed for messages whose figures differ. Default: the message.
   */
  error(message: string, cause?: unknown, key?: string): void
  /** Logs a warning; the parameters are those of {@link Log.error}. */
  warning(message: string, cause?: unknown, key?: string): void
  /** Frees the file. May be called twice; a line logged later is still written. */
  close(): void
}
