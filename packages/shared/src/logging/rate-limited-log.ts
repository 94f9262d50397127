import type { Log, LogLevel } from './log.ts'

const DEFAULT_WINDOW_MS = 5000
const DEFAULT_MAX_KEYS = 64

/** Options of a {@link RateLimitedLog}. */
export interface RateLimitOptions {
  /**
   * The time for which repeats of an event are counted before they are logged as one line, in milliseconds. Default
   * 5000.
   */
  readonly windowMs?: number | undefined
  /** The number of different events watched at a time; one more, and the oldest is written out. Default 64. */
  readonly maxKeys?: number | undefined
}

interface Repeats {
  readonly level: LogLevel
  readonly since: number
  readonly timer: NodeJS.Timeout
  count: number
  message: string
  cause: unknown
}

/**
 * A log for events that may come in storms. The first event is logged at once; its repeats are counted and logged as
 * one line, `... (repeated 480 times in 5 s)`, every few seconds and at the latest when the log is closed.
 */
export class RateLimitedLog implements Log {
  readonly #log: Log
  readonly #windowMs: number
  readonly #maxKeys: number
  readonly #repeats = new Map<string, Repeats>()

  /** @param log - Receives the lines; closed together with this one. */
  constructor(log: Log, { windowMs = DEFAULT_WINDOW_MS, maxKeys = DEFAULT_MAX_KEYS }: RateLimitOptions = {}) {
    this.#log = log
    this.#windowMs = windowMs
    this.#maxKeys = maxKeys
  }

  /**
   * Logs an error, or counts it as a repeat.
   *
   * @param key - Identifies repeats of the same event; needed for messages whose figures differ. Default: the message.
   */
  error(message: string, cause?: unknown, key: string = message): void {
    this.#add('error', message, cause, key)
  }

  /** Logs a warning, or counts it as a repeat; the parameters are those of {@link RateLimitedLog.error}. */
  warning(message: string, cause?: unknown, key: string = message): void {
    this.#add('warning', message, cause, key)
  }

  /** Writes out what has been counted so far. */
  flush(): void {
    for (const key of this.#repeats.keys()) this.#writeOut(key)
  }

  /** Writes out what has been counted and closes the log below. May be called twice. */
  close(): void {
    this.flush()
    this.#log.close()
  }

  #add(level: LogLevel, message: string, cause: unknown, key: string): void {
    const fullKey = `${level} ${key}`
    const repeats = this.#repeats.get(fullKey)
    if (repeats) {
      repeats.count++
      repeats.message = message
      repeats.cause = cause
      return
    }
    const oldest = this.#repeats.size >= this.#maxKeys ? this.#repeats.keys().next().value : undefined
    if (oldest !== undefined) this.#writeOut(oldest)
    this.#log[level](message, cause)
    this.#watch(fullKey, level, message, cause)
  }

  #watch(key: string, level: LogLevel, message: string, cause: unknown): void {
    const timer = setTimeout(() => this.#endWindow(key), this.#windowMs).unref()
    this.#repeats.set(key, { level, since: performance.now(), timer, count: 0, message, cause })
  }

  #endWindow(key: string): void {
    const repeats = this.#repeats.get(key)
    this.#writeOut(key)
    // The storm continues: without a new window its next event would be logged at once, giving two lines per window.
    if (repeats && repeats.count > 0) this.#watch(key, repeats.level, repeats.message, repeats.cause)
  }

  #writeOut(key: string): void {
    const repeats = this.#repeats.get(key)
    if (!repeats) return
    this.#repeats.delete(key)
    clearTimeout(repeats.timer)
    if (repeats.count === 0) return
    const times = repeats.count === 1 ? '1 time' : `${repeats.count} times`
    const seconds = Math.max(0.1, Number(((performance.now() - repeats.since) / 1000).toFixed(1)))
    this.#log[repeats.level](`${repeats.message} (repeated ${times} in ${seconds} s)`, repeats.cause)
  }
}
