import type { Log } from './log.ts'

/** Passes every event on to several logs, such as the error log and the terminal. */
export class TeeLog implements Log {
  readonly #logs: readonly Log[]

  /** @param logs - Receive the events, in this order; closed together with this one. */
  constructor(logs: readonly Log[]) {
    this.#logs = logs
  }

  error(message: string, cause?: unknown, key?: string): void {
    for (const log of this.#logs) log.error(message, cause, key)
  }

  warning(message: string, cause?: unknown, key?: string): void {
    for (const log of this.#logs) log.warning(message, cause, key)
  }

  close(): void {
    for (const log of this.#logs) log.close()
  }
}
