import {
  DEFAULT_MAX_MEMORY_BYTES,
  type DeliveryPolicy,
  type Envelope,
  sliceValues,
  type Statistics,
  type TopicStatistics,
  valueCount,
  wallClock,
} from '@zcast/shared'
import { createDeliveryQueue, type DeliveryQueue } from '@zcast/shared/internal'
import { HoldRequest } from './hold-request.ts'
import { KindQueues } from './kind-queues.ts'

/**
 * The share of the memory of delivery `all` that may be waiting for a slow consumer before publishers are asked to
 * wait.
 */
const HOLD_SHARE = 1 / 16

/** The queue between a socket that is always read and a consumer that takes its time, and its accounts. */
export class Delivery {
  readonly #statistics: Statistics
  readonly #queue: DeliveryQueue
  readonly #hold: HoldRequest
  /** The rest of a block of which only some values were taken. */
  #rest: Envelope | undefined

  /**
   * @param policy - What happens to values that arrive faster than they are consumed. Default: the usual policy of each
   *   kind.
   * @param maxMemoryBytes - The memory limit of policy `all`. Default 256 MiB.
   * @param hold - Asks publishers to wait (`true`), and to continue.
   * @throws {@link OptionError} `ERR_OPTION` when the policy is unknown.
   */
  constructor(
    statistics: Statistics,
    policy: DeliveryPolicy | undefined,
    maxMemoryBytes = DEFAULT_MAX_MEMORY_BYTES,
    hold: (held: boolean) => void,
  ) {
    this.#statistics = statistics
    const queue =
      policy === undefined ? new KindQueues(maxMemoryBytes) : createDeliveryQueue(policy, maxMemoryBytes)
    this.#queue = queue
    this.#hold = new HoldRequest(() => queue.waitingBytes, maxMemoryBytes * HOLD_SHARE, hold)
  }

  /**
   * Adds an envelope, and counts what must be skipped for it.
   *
   * @throws {@link StreamError} `ERR_MEMORY_LIMIT` when nothing may be lost and the limit is reached.
   */
  add(envelope: Envelope, accounts: TopicStatistics): void {
    const passedOver = this.#queue.push(envelope)
    if (!passedOver) return
    const owner = passedOver.topic === envelope.topic ? accounts : this.#statistics.topic(passedOver.topic)
    owner.skipped += valueCount(passedOver.block)
  }

  /** Called after all of a message was added: publishers are asked to wait once enough is waiting here. */
  added(): void {
    this.#hold.added()
  }

  /** Removes and returns the next envelope, cut to `maxValues` values. */
  take(maxValues: number): Envelope | undefined {
    let envelope = this.#rest ?? this.#queue.shift()
    this.#rest = undefined
    if (!envelope) return undefined
    this.#hold.took()
    const { block } = envelope
    const count = valueCount(block)
    if (count > maxValues) {
      this.#rest = { ...envelope, block: sliceValues(block, maxValues, count - maxValues) }
      envelope = { ...envelope, block: sliceValues(block, 0, maxValues) }
    }
    this.#recordDelivery(envelope)
    return envelope
  }

  #recordDelivery({ topic, retained, arrivalTime, block }: Envelope): void {
    const latencyMs = retained || arrivalTime ? undefined : (wallClock() - block.time) * 1000
    const statistics = this.#statistics
    statistics.recordDelivery(statistics.topic(topic), valueCount(block), latencyMs, performance.now())
  }

  /** Stops asking publishers to wait. */
  end(): void {
    this.#hold.end()
  }
}
