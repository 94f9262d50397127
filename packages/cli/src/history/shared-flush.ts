import { pause } from '@zcast/shared/internal'

/** Each makes chunks of what has come, and small ones cost much: pages may ask as often as they like. */
const LEAST_MS = 100

/** One flush for all who ask at about the same time: it begins after they asked, and 100 ms or more after the one before. */
export class SharedFlush {
  readonly #flush: () => Promise<number>
  #last: Promise<unknown> = Promise.resolve()
  #next: Promise<number> | undefined
  #beganAtMs = Number.NEGATIVE_INFINITY

  /** @param flush - Returns when it began. */
  constructor(flush: () => Promise<number>) {
    this.#flush = flush
  }

  /** @returns When the flush began: what came before can be read. In seconds since the Unix epoch. */
  run(): Promise<number> {
    return (this.#next ??= this.#begin())
  }

  async #begin(): Promise<number> {
    await this.#last.catch(() => undefined)
    const waitMs = this.#beganAtMs + LEAST_MS - performance.now()
    if (waitMs > 0) await pause(waitMs)
    // Who asks from here on may want what comes from here on.
    this.#next = undefined
    this.#beganAtMs = performance.now()
    const flushing = this.#flush()
    this.#last = flushing
    return flushing
  }
}
