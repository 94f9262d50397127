import type { Envelope, Statistics } from '@zcast/shared'
import type { Sink, SinkContext } from '@zcast/subscribers'

/** What one subscription writes to a ring. */
export class RingSink implements Sink {
  readonly #take: (envelope: Envelope, statistics: Statistics | undefined) => void
  #statistics: Statistics | undefined

  constructor(take: (envelope: Envelope, statistics: Statistics | undefined) => void) {
    this.#take = take
  }

  async open({ statistics }: Partial<SinkContext> = {}): Promise<void> {
    this.#statistics = statistics
  }

  /** Never waits: what the disk does not take in time is left out. */
  write(envelope: Envelope): void {
    this.#take(envelope, this.#statistics)
  }

  async close(): Promise<void> {
    // The ring outlives its subscriptions.
  }
}
