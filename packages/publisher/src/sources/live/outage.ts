import type { Log } from '@zcast/shared'

/**
 * Tells how long an input is away: each attempt that failed, as one kind of event, so that a log says the first at once
 * and counts the others; and that it is back.
 */
export class Outage {
  readonly #name: string
  readonly #log: Log | undefined
  #sinceMs: number | undefined

  /** @param name - The input's. */
  constructor(name: string, log: Log | undefined) {
    this.#name = name
    this.#log = log
  }

  /**
   * Says that an attempt failed.
   *
   * @param sentence - What happened.
   * @param delayMs - The wait before the next attempt.
   */
  add(sentence: string, cause: unknown, delayMs: number): void {
    this.#sinceMs ??= performance.now()
    this.#log?.error(`${sentence}; trying again in ${delayMs / 1000} s`, cause, `${this.#name} is away`)
  }

  /** Says that pictures come again, if they had stopped. */
  end(): void {
    if (this.#sinceMs === undefined) return
    const seconds = Math.max(1, Math.round((performance.now() - this.#sinceMs) / 1000))
    this.#sinceMs = undefined
    this.#log?.warning(
      `"${this.#name}" gives pictures again, after ${seconds} s`,
      undefined,
      `${this.#name} is back`,
    )
  }
}
