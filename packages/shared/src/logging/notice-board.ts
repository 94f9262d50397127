import { escapeControls } from '../escape-controls.ts'
import type { Log, LogLevel } from './log.ts'

/** Something that failed, as a person is told of it. */
export interface Notice {
  readonly level: LogLevel
  /** One sentence without a full stop: what happened, to what, what to do; control characters are escaped. */
  readonly message: string
  /** Milliseconds since the Unix epoch. */
  readonly time: number
}

/** More than a person reads on a page; the log has the rest. */
const KEPT_NOTICES = 20

/**
 * Where failures are told to people: on stderr, on a page, in a terminal's status line. It keeps the newest 20 for those
 * who look later. Put a `RateLimitedLog` before it, so that each kind is told at once the first time and counted after.
 */
export class NoticeBoard implements Log {
  readonly #notices: Notice[] = []
  readonly #listeners = new Set<(notice: Notice) => void>()

  /** The newest 20 notices, oldest first. */
  get notices(): readonly Notice[] {
    return this.#notices
  }

  /** Tells each further notice to a listener. @returns A function that ends this. */
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
