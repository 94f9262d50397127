import {
  createDeliveryQueue,
  DEFAULT_MAX_MEMORY_BYTES,
  sliceValues,
  valueCount,
  wallClock,
  type DeliveryPolicy,
  type DeliveryQueue,
  type Envelope,
  type Statistics,
  type TopicStatistics,
} from '@zcast/shared'
import { HoldRequest } from './hold-request.ts'
import { KindQueues } from './kind-queues.ts'

/** The share of the memory of delivery `all` that may wait for a slow consumer before publishers are asked to wait. */
const HOLD_SHARE = 1 / 16

/** What waits between a socket that is always read and a consumer that takes its time, and the accounts of it. */
export class Delivery {
  readonly #statistics: Statistics
  readonly #queue: DeliveryQueue
  readonly #hold: HoldRequest
  /** The rest of a block of which only some values were asked for. */
  #rest: Envelope | undefined

  /**
   * @param policy - What happens to values that arrive faster than they are consumed. Default: to each kind what it is used to.
   * @param maxMemoryBytes - The memory that policy `all` may use. Default 256 MiB.
   * @param hold - Asks publishers to wait (`true`), and to go on.
   * @throws {@link OptionError} `ERR_OPTION` when the policy is none.
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
   * Adds an envelope, and counts what it is that has to be passed over for it.
   *
   * @throws {@link StreamError} `ERR_MEMORY_LIMIT` when nothing may be lost and the limit is reached.
   */
  add(envelope: Envelope, accounts: TopicStatistics): void {
    const passedOver = this.#queue.push(envelope)
    if (!passedOver) return
    const owner = passedOver.topic === envelope.topic ? accounts : this.#statistics.topic(passedOver.topic)
    owner.skipped += valueCount(passedOver.block)
  }

  /** All of a message was added: publishers are asked to wait once enough waits here. */
  added(): void {
    this.#hold.added()
  }

  /** Takes the next envelope out, cut to `maxValues` values. */
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

  /** Asks nobody to wait any more. */
  end(): void {
    this.#hold.end()
  }
}
