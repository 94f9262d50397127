import type { Envelope } from '@zcast/shared'
import type { Sink, SinkContext } from '@zcast/subscribers'

/** Hands everything to a page, and to the ring that keeps it, which never waits. */
export class KeptSink implements Sink {
  readonly #shown: Sink
  readonly #keep: () => Sink
  #kept: Sink | undefined
  readonly #isWanted: (() => boolean) | undefined

  /**
   * @param keep - Returns what keeps it, once it is opened.
   * @param isWanted - Tells whether it is to be kept now; the subscription may then be paused meanwhile. Default: it is
   *   always kept.
   */
  constructor(shown: Sink, keep: () => Sink, isWanted?: () => boolean) {
    this.#shown = shown
    this.#keep = keep
    this.#isWanted = isWanted
  }

  async open(context: SinkContext): Promise<void> {
    this.#kept = this.#keep()
    await this.#kept.open(context)
    // What is kept needs the stream as it is, whoever looks.
    await this.#shown.open(
      this.#isWanted ? context : { ...context, subscription: undefined, renditions: undefined },
    )
  }

  write(envelope: Envelope): Promise<void> | void {
    if (this.#isWanted?.() ?? true) void this.#kept?.write(envelope)
    return this.#shown.write(envelope)
  }

  async close(): Promise<void> {
    await this.#shown.close()
    await this.#kept?.close()
  }
}
