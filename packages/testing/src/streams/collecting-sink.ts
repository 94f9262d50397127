import { type Envelope, valueCount } from '@zcast/shared'
import type { Sink, SinkContext } from '@zcast/subscribers'

/** Keeps all envelopes; as slow as it is told to be. */
export class CollectingSink implements Sink {
  readonly envelopes: Envelope[] = []
  context: SinkContext | undefined
  closed = 0
  readonly #onWrite: (envelope: Envelope) => Promise<void> | void

  constructor(onWrite: (envelope: Envelope) => Promise<void> | void = () => undefined) {
    this.#onWrite = onWrite
  }

  async open(context: SinkContext): Promise<void> {
    this.context = context
  }

  write(envelope: Envelope): Promise<void> | void {
    this.envelopes.push(envelope)
    return this.#onWrite(envelope)
  }

  async close(): Promise<void> {
    this.closed += 1
  }

  /** The sequence numbers of the first value of each block. */
  get seqs(): (number | undefined)[] {
    return this.envelopes.map(({ block }) => block.seq)
  }

  /** The sequence numbers of all values. */
  get allSeqs(): (number | undefined)[] {
    return this.envelopes.flatMap(({ block }) =>
      Array.from({ length: valueCount(block) }, (_, row) =>
        block.seq === undefined ? undefined : block.seq + row,
      ),
    )
  }

  /** All numbers received. */
  get values(): number[] {
    return this.envelopes.flatMap(({ block }) => [...block.data])
  }
}
