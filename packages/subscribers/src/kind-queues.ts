import { type BlockKind, type Envelope, KINDS } from '@zcast/shared'
import { createDeliveryQueue, type DeliveryQueue } from '@zcast/shared/internal'

/** One queue per kind, each with the kind's usual policy. They take turns, so that a busy one cannot hide another. */
export class KindQueues implements DeliveryQueue {
  readonly #maxBytes: number
  /** The next queue in turn comes first. */
  readonly #queues = new Map<BlockKind, DeliveryQueue>()

  /** @param maxBytes - The limit of each queue that must not lose anything. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get waitingBytes(): number {
    let bytes = 0
    for (const queue of this.#queues.values()) bytes += queue.waitingBytes
    return bytes
  }

  push(envelope: Envelope): Envelope | undefined {
    const { kind } = envelope.block
    let queue = this.#queues.get(kind)
    if (!queue) this.#queues.set(kind, (queue = createDeliveryQueue(KINDS[kind].delivery, this.#maxBytes)))
    return queue.push(envelope)
  }

  shift(): Envelope | undefined {
    for (const [kind, queue] of this.#queues) {
      const envelope = queue.shift()
      if (!envelope) continue
      if (this.#queues.size > 1) {
        this.#queues.delete(kind)
        this.#queues.set(kind, queue)
      }
      return envelope
    }
    return undefined
  }
}
