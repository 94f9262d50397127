import type { Log } from '@zcast/shared'

/** Something that holds bytes which its peer has not accepted yet. */
export interface Outlet {
  /** The number of bytes held now. */
  heldBytes(): number
  /** Ends it at once. */
  cut(): void
}

/** Many times what all readers of a page hold in normal use. */
const DEFAULT_MAX_BYTES = 64 * 2 ** 20
/** No single message is large, so little is added in between. */
const CHECK_INTERVAL_MS = 250

/**
 * One limit for everything that a server holds for peers that do not accept it. Above it, the peers that have accepted
 * nothing for longest are cut off.
 */
export class OutgoingBudget {
  readonly #maxBytes: number
  readonly #log: () => Log | undefined
  /** The time at which each was first seen to hold something, since it last held nothing. */
  readonly #outlets = new Map<Outlet, number | undefined>()
  #checking: NodeJS.Timeout | undefined

  constructor(log: () => Log | undefined, maxBytes = DEFAULT_MAX_BYTES) {
    this.#log = log
    this.#maxBytes = maxBytes
  }

  /** Adds an outlet. @returns A function that removes it. */
  add(outlet: Outlet): () => void {
    this.#outlets.set(outlet, undefined)
    this.#checking ??= setInterval(() => this.#check(), CHECK_INTERVAL_MS).unref()
    return () => {
      this.#outlets.delete(outlet)
      if (this.#outlets.size === 0) this.close()
    }
  }

  /** Stops the checks. */
  close(): void {
    clearInterval(this.#checking)
    this.#checking = undefined
  }

  #check(): void {
    const now = performance.now()
    let heldBytes = 0
    for (const [outlet, since] of this.#outlets) {
      const bytes = outlet.heldBytes()
      heldBytes += bytes
      this.#outlets.set(outlet, bytes === 0 ? undefined : (since ?? now))
    }
    if (heldBytes <= this.#maxBytes) return
    const stuck = [...this.#outlets].filter(([, since]) => since !== undefined)
    stuck.sort(([, a = 0], [, b = 0]) => a - b)
    for (const [outlet] of stuck) {
      if (heldBytes <= this.#maxBytes) break
      heldBytes -= outlet.heldBytes()
      this.#outlets.delete(outlet)
      outlet.cut()
    }
    this.#log()?.warning(
      'readers of the page do not read what they requested: those stuck for longest are cut off',
      undefined,
      'stuck readers',
    )
  }
}
