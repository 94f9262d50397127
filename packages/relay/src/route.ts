import { randomBytes } from 'node:crypto'
import type { PublisherRoute } from '@zcast/publisher'
import type { Upstream } from './upstream.ts'

/** The relays that values pass on the way to those below: this one, and those above. */
export class Route implements PublisherRoute {
  /** This relay's number. */
  readonly id = randomBytes(4).readUInt32LE()
  readonly #upstreams: readonly Upstream[]
  readonly #listeners: (() => void)[] = []

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

  /** Tells that those above may be others. */
  changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
