import { escapeControls } from '../escape-controls.ts'
import type { Log, LogLevel } from './log.ts'

/** A failure, as it is shown to people. */
export interface Notice {
  readonly level: LogLevel
  /** One sentence without a full stop: what happened, to what, what to do; control characters are escaped. */
  readonly message: string
  /** Milliseconds since the Unix epoch. */
  readonly time: number
}

/** More than people read on a page; the log has the rest. */
const KEPT_NOTICES = 20

/**
 * Shows failures to people: on stderr, on a page, in a terminal's status line. Keeps the newest 20 for those who look
 * later. Put a `RateLimitedLog` before it, so that each kind is shown at once the first time and counted afterwards.
 */
export class NoticeBoard implements Log {
  readonly #notices: Notice[] = []
  readonly #listeners = new Set<(notice: Notice) => void>()

  /** The newest 20 notices, oldest first. */
  get notices(): readonly Notice[] {
    return this.#notices
  }

  /** Passes each new notice to a listener. @returns A function that removes the listener. */
  onNotice(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  error(message: string): void {
    this.#put('error', message)
  }

  warning(message: string): void {
    this.#put('warning', message)
  }

  close(): void {
    this.#listeners.clear()
  }

  #put(level: LogLevel, message: string): void {
    const notice = { level, message: escapeControls(message), time: Date.now() }
    if (this.#notices.push(notice) > KEPT_NOTICES) this.#notices.shift()
    for (const listener of this.#listeners) listener(notice)
  }
}
