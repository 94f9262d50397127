/** How bad a logged event is. */
export type LogLevel = 'error' | 'warning'

/**
 * Where errors and warnings go. Writing is synchronous and never throws: when the process dies right after a call,
 * its line is in the file; when the file cannot be written, streaming goes on.
 */
export interface Log {
  /**
   * Logs an error.
   *
   * @param message - One sentence without a full stop: what happened, to what.
   * @param cause - Whatever was thrown; its system code (`EADDRINUSE`) is added in parentheses when the message lacks it.
   * @param key - What makes two events the same where repeats are counted; for messages with figures that differ.
   *   Default: the message.
   */
  error(message: string, cause?: unknown, key?: string): void
  /** Logs a warning; the parameters are those of {@link Log.error}. */
  warning(message: string, cause?: unknown, key?: string): void
  /** Frees the file. May be called twice; a line logged later is written nevertheless. */
  close(): void
}
