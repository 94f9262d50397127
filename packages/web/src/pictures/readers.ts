import { OptionError } from '@zcast/shared'
import { MAX_DURATION_MS } from '@zcast/shared/internal'
import type { PausableSubscription } from '@zcast/subscribers'

const DEFAULT_LINGER_MS = 10_000

/** Checks the linger time, 0 to 24 days. @throws {@link OptionError} `ERR_OPTION`. */
export function checkLinger(lingerMs = DEFAULT_LINGER_MS): number {
  if (lingerMs >= 0 && lingerMs <= MAX_DURATION_MS) return lingerMs
  throw new OptionError(`linger must be 0 to ${MAX_DURATION_MS} milliseconds, got ${lingerMs}`)
}

/** Counts readers. */
export interface JoinReaders {
  /** Adds one reader. @returns A function that removes it, to be called once. */
  join(): () => void
}

/**
 * The current readers of a viewer: browsers that ask for pictures, readers of a stream, and clients that wait for a
 * snapshot. Some time after the last of them has gone the subscription is paused; the next one resumes it.
 */
export class Readers implements JoinReaders {
  readonly #subscription: PausableSubscription | undefined
  readonly #lingerMs: number
  #count = 0
  #areThere = true
  #leaving: NodeJS.Timeout | undefined

  /** @param subscription - `undefined` when it must not be paused. */
  constructor(subscription: PausableSubscription | undefined, lingerMs: number) {
    this.#subscription = subscription
    this.#lingerMs = lingerMs
    this.#linger()
  }

  /** True while there are some, and for the time that it lingers afterwards. */
  get areThere(): boolean {
    return this.#areThere
  }

  /** Adds one reader. @returns A function that removes it, to be called once. */
  join(): () => void {
    this.#count += 1
    this.#areThere = true
    clearTimeout(this.#leaving)
    this.#subscription?.resume()
    return () => {
      this.#count -= 1
      if (this.#count === 0) this.#linger()
    }
  }

  /** Stops the timer. */
  close(): void {
    this.#count = Number.POSITIVE_INFINITY
    clearTimeout(this.#leaving)
  }

  #linger(): void {
    clearTimeout(this.#leaving)
    this.#leaving = setTimeout(() => {
      this.#areThere = false
      this.#subscription?.pause()
    }, this.#lingerMs).unref()
  }
}
