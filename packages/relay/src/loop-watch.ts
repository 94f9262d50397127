import { randomInt } from 'node:crypto'
import type { Log } from '@zcast/shared'
import { hideSecrets } from '@zcast/shared/internal'
import type { Upstream } from './upstream.ts'

/** A loop must be gone for this long, in milliseconds, before its upstream is used again; relays take turns to try. */
const CLEAN_MS = { least: 5000, most: 15_000 }

/** Takes nothing from publishers whose values have passed this relay already. */
export class LoopWatch {
  readonly #id: number
  readonly #log: Log | undefined
  readonly #onChange: () => void
  readonly #cut = new Map<Upstream, NodeJS.Timeout | undefined>()

  /**
   * @param id - This relay's, drawn at random.
   * @param onChange - Called when the relays above are others than before.
   */
  constructor(id: number, log: Log | undefined, onChange: () => void) {
    this.#id = id
    this.#log = log
    this.#onChange = onChange
  }

  /** True while nothing is taken from an upstream. */
  isCut(upstream: Upstream): boolean {
    return this.#cut.has(upstream)
  }

  /** Looks at what an upstream says of its relays. */
  look(upstream: Upstream): void {
    const isLoop = upstream.namedRelays.includes(this.#id)
    if (isLoop) {
      const isNew = !this.#cut.has(upstream)
      clearTimeout(this.#cut.get(upstream))
      this.#cut.set(upstream, undefined)
      if (isNew) this.#refuse(upstream)
    } else if (this.#cut.has(upstream) && this.#cut.get(upstream) === undefined) {
      const again = setTimeout(() => this.#resume(upstream), randomInt(CLEAN_MS.least, CLEAN_MS.most))
      this.#cut.set(upstream, again.unref())
    }
  }

  /** Stops all timers. */
  close(): void {
    for (const timer of this.#cut.values()) clearTimeout(timer)
  }

  #refuse(upstream: Upstream): void {
    upstream.cut(true)
    this.#log?.error(
      `${upstream.endpoints.map((endpoint) => hideSecrets(endpoint)).join(' and ')} leads back to this relay, so nothing is taken from it: let one of the relays connect to something else`,
      undefined,
      'relay loop',
    )
    this.#onChange()
  }

  #resume(upstream: Upstream): void {
    this.#cut.delete(upstream)
    upstream.cut(false)
    this.#onChange()
  }
}
