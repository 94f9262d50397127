import type { Envelope } from '../envelope.ts'
import { StreamError } from '../errors.ts'
import { parseDeliveryPolicy, type DeliveryPolicy } from './delivery-policy.ts'
import { envelopeBytes } from './envelope-bytes.ts'

/** Holds received envelopes until they are consumed, as its policy says. */
export interface DeliveryQueue {
  /** The memory used by waiting envelopes, in bytes; 0 where the policy itself bounds the queue by skipping. */
  readonly waitingBytes: number
  /**
   * Adds an envelope.
   *
   * @returns The envelope that was skipped, if any: an earlier one, or this one when a newer one is already waiting.
   * @throws {@link StreamError} `ERR_MEMORY_LIMIT` when the policy must not lose anything and the limit is reached.
   */
  push(envelope: Envelope): Envelope | undefined
  /** Removes and returns the next envelope. */
  shift(): Envelope | undefined
}

/** The default memory limit of the policy `all`: 256 MiB. */
export const DEFAULT_MAX_MEMORY_BYTES = 256 * 1024 * 1024

/**
 * Creates the queue of a policy.
 *
 * @param maxBytes - The limit of the policy `all`, in bytes. Default {@link DEFAULT_MAX_MEMORY_BYTES}.
 * @throws {@link OptionError} `ERR_OPTION` when the policy is unknown.
 */
export function createDeliveryQueue(
  policy: DeliveryPolicy,
  maxBytes = DEFAULT_MAX_MEMORY_BYTES,
): DeliveryQueue {
  parseDeliveryPolicy(policy)
  if (policy === 'latest') return new LatestQueue()
  if (policy === 'all') return new UnlossyQueue(maxBytes)
  return new BoundedQueue(Number(policy.slice('queue:'.length)))
}

/** The newest envelope of each topic. Topics take turns, so that a busy one cannot hide another. */
class LatestQueue implements DeliveryQueue {
  readonly waitingBytes = 0
  readonly #newest = new Map<string, Envelope>()

  push(envelope: Envelope): Envelope | undefined {
    const waiting = this.#newest.get(envelope.topic)
    // A retained or late value may come after a newer one, and must not replace it.
    if (waiting && isOlder(envelope, waiting)) return envelope
    this.#newest.set(envelope.topic, envelope)
    return waiting
  }

  shift(): Envelope | undefined {
    const next = this.#newest.entries().next()
    if (next.done) return undefined
    this.#newest.delete(next.value[0])
    return next.value[1]
  }
}

function isOlder(envelope: Envelope, than: Envelope): boolean {
  const { seq } = envelope.block
  const { seq: other } = than.block
  return envelope.epoch === than.epoch && seq !== undefined && other !== undefined && seq < other
}

/** First in, first out, in an array with a moving head: shifting an array of thousands would copy it each time. */
class Fifo {
  #items: (Envelope | undefined)[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  push(envelope: Envelope): void {
    this.#items.push(envelope)
  }

  shift(): Envelope | undefined {
    if (this.length === 0) return undefined
    const envelope = this.#items[this.#head]
    // Items already handed out must not be kept alive until the array is cut: frames are large.
    this.#items[this.#head] = undefined
    this.#head += 1
    if (this.#head === this.#items.length) {
      this.#items = []
      this.#head = 0
    } else if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return envelope
  }
}

class BoundedQueue implements DeliveryQueue {
  readonly waitingBytes = 0
  readonly #fifo = new Fifo()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  push(envelope: Envelope): Envelope | undefined {
    this.#fifo.push(envelope)
    return this.#fifo.length > this.#limit ? this.#fifo.shift() : undefined
  }

  shift(): Envelope | undefined {
    return this.#fifo.shift()
  }
}

class UnlossyQueue implements DeliveryQueue {
  readonly #fifo = new Fifo()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get waitingBytes(): number {
    return this.#bytes
  }

  push(envelope: Envelope): undefined {
    this.#bytes += envelopeBytes(envelope)
    if (this.#bytes > this.#maxBytes) {
      const mebibytes = Math.round(this.#maxBytes / 1024 / 1024)
      throw new StreamError(
        'ERR_MEMORY_LIMIT',
        `${envelope.topic} arrives faster than it is consumed and ${mebibytes} MiB are waiting: consume faster, or choose delivery latest or queue:N`,
      )
    }
    this.#fifo.push(envelope)
    return undefined
  }

  shift(): Envelope | undefined {
    const envelope = this.#fifo.shift()
    if (envelope) this.#bytes -= envelopeBytes(envelope)
    return envelope
  }
}
