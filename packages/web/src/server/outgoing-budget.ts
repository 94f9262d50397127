import type { Log } from '@zcast/shared'

/** Something that holds bytes which its peer has not taken yet. */
export interface Outlet {
  /** The bytes that are held now. */
  heldBytes(): number
  /** Ends it at once. */
  cut(): void
}

/** Many times what all readers of a page hold when they read. */
const DEFAULT_MAX_BYTES = 64 * 2 ** 20
/** No single message is large, so that little is added in between. */
const CHECK_INTERVAL_MS = 250

/**
 * One limit for everything that a server holds for peers that do not take it. Over it, those are cut off that have
 * taken nothing for longest.
 */
export class OutgoingBudget {
  readonly #maxBytes: number
  readonly #log: () => Log | undefined
  /** When each was first seen to hold something, since it held nothing. */
  readonly #outlets = new Map<Outlet, number | undefined>()
  #checking: NodeJS.Timeout | undefined

  constructor(log: () => Log | undefined, maxBytes = DEFAULT_MAX_BYTES) {
    this.#log = log
    this.#maxBytes = maxBytes
  }

  /** Counts an outlet in. @returns A function that takes it out again. */
  add(outlet: Outlet): () => void {
    this.#outlets.set(outlet, undefined)
    this.#checking ??= setInterval(() => this.#check(), CHECK_INTERVAL_MS).unref()
    return () => {
      this.#outlets.delete(outlet)
      if (this.#outlets.size === 0) this.close()
    }
  }

  /** Ends the watching. */
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
      'readers of the page take nothing of what they asked for: those that have been stuck for longest are cut off',
      undefined,
      'stuck readers',
    )
  }
}
