import type { Envelope } from '@zcast/shared'
import { isSound, streamTopicOf } from '@zcast/shared/internal'
import type { Sink, SinkContext } from './sink.ts'

/**
 * Shows one stream of a subscription to several, for a sink that has room for one picture or sound: the first that
 * comes, to the end, so that two of them do not alternate.
 */
export class OneStreamSink implements Sink {
  readonly #sink: Sink
  readonly #onIgnored: (topic: string) => void
  #topic: string | undefined
  #toldOf = false

  /** @param onIgnored - Called with the first topic that is passed over, once. */
  constructor(sink: Sink, onIgnored: (topic: string) => void) {
    this.#sink = sink
    this.#onIgnored = onIgnored
  }

  open(context: SinkContext): Promise<void> {
    return this.#sink.open(context)
  }

  write(envelope: Envelope): Promise<void> | void {
    // Sound that is sent again is heard nowhere: its stream may be a silent one.
    if (isSound(envelope.block) && envelope.retained) return
    const topic = streamTopicOf(envelope)
    this.#topic ??= topic
    if (topic === this.#topic) return this.#sink.write(envelope)
    if (this.#toldOf) return
    this.#toldOf = true
    this.#onIgnored(topic)
  }

  close(): Promise<void> {
    return this.#sink.close()
  }
}
