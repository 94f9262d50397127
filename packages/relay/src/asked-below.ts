import type { Log } from '@zcast/shared'
import type { OtherFormat } from './other-format.ts'
import type { Upstream } from './upstream.ts'
import { wishesOf } from './wishes.ts'

/** One subscriber below must not use up what the publishers above allow to all of theirs (5000). */
const MAX_PREFIXES = 1000

const TOO_MANY = `more than ${MAX_PREFIXES} different subscriptions below this relay: further ones are not asked for above`

/** The parts of its relay that {@link AskedBelow} needs. */
export interface AskedBelowOptions {
  readonly upstreams: readonly Upstream[]
  /** Where those below read the format of another program. */
  readonly format: OtherFormat | undefined
  readonly log: Log | undefined
}

/** What is asked for below a relay: asks the publishers above for it, and for no more. */
export class AskedBelow {
  readonly #options: AskedBelowOptions
  readonly #prefixes = new Set<string>()
  /** Topics that somebody below receives, on lanes too. */
  readonly #watched = new Set<string>()
  #isClosed = false
  #isWishing = false
  #hasChanged = false

  constructor(options: AskedBelowOptions) {
    this.#options = options
  }

  /** Somebody below has subscribed to a prefix, or nobody does any more. */
  subscribed(prefix: string, subscribed: boolean): void {
    if (!subscribed) this.#prefixes.delete(prefix)
    else if (this.#prefixes.size < MAX_PREFIXES) this.#prefixes.add(prefix)
    else return this.#options.log?.warning(TOO_MANY, undefined, 'relay subscriptions')
    this.#wish()
  }

  /** Somebody below receives a topic, or nobody does any more. */
  watched(topic: string, isWatched: boolean): void {
    if (isWatched) this.#watched.add(topic)
    else this.#watched.delete(topic)
    this.#wish()
  }

  /** The format below may have another stream now: asks for that. */
  again(): void {
    this.#wish()
  }

  /** Asks for nothing later. */
  close(): void {
    this.#isClosed = true
  }

  /**
   * Asks above at once, and a second time for all else that changes below in the same turn of the event loop: a
   * subscriber may ask for many topics.
   */
  #wish(): void {
    this.#hasChanged = true
    if (this.#isWishing) return
    this.#isWishing = true
    this.#wishNow()
    setImmediate(() => {
      this.#isWishing = false
      if (this.#hasChanged && !this.#isClosed) this.#wish()
    })
  }

  #wishNow(): void {
    this.#hasChanged = false
    const wished = wishesOf(new Set([...this.#askedFor(), ...this.#watched]))
    for (const upstream of this.#options.upstreams) upstream.wish(wished)
  }

  /** The prefixes asked for below, in zcast's names. */
  #askedFor(): readonly string[] {
    const { format } = this.#options
    if (!format) return [...this.#prefixes]
    return this.#prefixes.size > 0 ? format.prefixes : []
  }
}
