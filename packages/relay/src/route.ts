import { randomBytes } from 'node:crypto'
import type { PublisherRoute } from '@zcast/publisher'
import type { Upstream } from './upstream.ts'

/** The relays that values pass on the way to those below: this one, and those above. */
export class Route implements PublisherRoute {
  /** This relay's number. */
  readonly id = randomBytes(4).readUInt32LE()
  readonly #upstreams: readonly Upstream[]
  readonly #listeners: (() => void)[] = []
  /** The relays that were told last. */
  #told = ''

  /** @param upstreams - May still grow. */
  constructor(upstreams: readonly Upstream[]) {
    this.#upstreams = upstreams
  }

  get relays(): readonly number[] {
    return [...new Set([this.id, ...this.#upstreams.flatMap(({ relays }) => relays)])]
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** Those above may be others: tells so if they are. */
  look(): void {
    const relays = this.relays.join()
    if (relays === this.#told) return
    this.#told = relays
    for (const listener of this.#listeners) listener()
  }
}
