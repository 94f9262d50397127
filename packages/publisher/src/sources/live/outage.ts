import type { Log } from '@zcast/shared'

/**
 * Reports how long an input is away: each failed attempt as one kind of event, so that a log shows the first at once
 * and counts the others; and its return.
 */
export class Outage {
  readonly #name: string
  readonly #log: Log | undefined
  #sinceMs: number | undefined

  /** @param name - The input's name. */
  constructor(name: string, log: Log | undefined) {
    this.#name = name
    this.#log = log
  }

  /**
   * Reports that an attempt failed.
   *
   * @param sentence - What happened.
   * @param delayMs - The wait before the next attempt.
   */
  add(sentence: string, cause: unknown, delayMs: number): void {
    this.#sinceMs ??= performance.now()
    this.#log?.error(`${sentence}; trying again in ${delayMs / 1000} s`, cause, `${this.#name} is away`)
  }

  /** Reports that pictures have resumed, if they had stopped. */
  end(): void {
    if (this.#sinceMs === undefined) return
    const seconds = Math.max(1, Math.round((performance.now() - this.#sinceMs) / 1000))
    this.#sinceMs = undefined
    this.#log?.warning(
      `"${this.#name}" sends pictures again, after ${seconds} s`,
      undefined,
      `${this.#name} is back`,
    )
  }
}
