import { createDeliveryQueue, KINDS, type BlockKind, type DeliveryQueue, type Envelope } from '@zcast/shared'

/** A queue a kind, each by the policy that the kind is used to. They take turns, so that a busy one cannot hide another. */
export class KindQueues implements DeliveryQueue {
  readonly #maxBytes: number
  /** Whose turn it is comes first. */
  readonly #queues = new Map<BlockKind, DeliveryQueue>()

  /** @param maxBytes - The limit of each queue that may lose nothing. */
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
