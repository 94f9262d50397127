import type { Block } from '../block.ts'
import { EpochTracker } from '../delivery/epoch-tracker.ts'
import { LatencyHistogram, type LatencySummary } from './latency-histogram.ts'

/** The counts of values, and of refused messages, since the start. */
export interface Counts {
  /** Values accepted, each counted once. `received = delivered + skipped + pending`. */
  readonly received: number
  /**
   * Values missing between the first and the last received; `null` when a foreign format carries no sequence numbers.
   */
  readonly lost: number | null
  /** Values that a publisher left out for this subscriber, because its network could not carry more. */
  readonly withheld: number
  /** Values handed to the consumer. */
  readonly delivered: number
  /** Values received but skipped for newer ones, by the delivery policy. */
  readonly skipped: number
  /** Values received but neither delivered nor skipped yet. */
  readonly pending: number
  /** Values whose number had come already; dropped. */
  readonly repeated: number
  /** The repeated values that are not marked as sent again, and so may be other values. */
  readonly duplicate: number
  /** Messages that break the format. */
  readonly invalid: number
  /** Messages of an unknown version or format. */
  readonly unsupported: number
}

/** The bandwidth that a stream needs and what the network carries of it, in values per second. */
export interface NetworkReading {
  readonly wanted: number
  readonly carried: number
}

const NOTHING: Counts = {
  received: 0,
  lost: 0,
  withheld: 0,
  delivered: 0,
  skipped: 0,
  pending: 0,
  repeated: 0,
  duplicate: 0,
  invalid: 0,
  unsupported: 0,
}

function add(a: Counts, b: Counts): Counts {
  return {
    received: a.received + b.received,
    lost: a.lost === null || b.lost === null ? null : a.lost + b.lost,
    withheld: a.withheld + b.withheld,
    delivered: a.delivered + b.delivered,
    skipped: a.skipped + b.skipped,
    pending: a.pending + b.pending,
    repeated: a.repeated + b.repeated,
    duplicate: a.duplicate + b.duplicate,
    invalid: a.invalid + b.invalid,
    unsupported: a.unsupported + b.unsupported,
  }
}

/** The accounts of one topic. */
export class TopicStatistics {
  /** Sequence numbers seen, by epoch. */
  readonly sequence = new EpochTracker()
  /** Publish-to-delivery latencies of the whole run. */
  readonly latency = new LatencyHistogram()
  /** Values received without a sequence number, in a foreign format. */
  unsequenced = 0
  readonly #isNumbered: boolean
  /** Values handed to the consumer. */
  delivered = 0
  /** Values skipped by the delivery policy. */
  skipped = 0
  /** Values whose number had come already, without being marked as sent again. */
  duplicate = 0
  /** Messages of this topic that break the format. */
  invalid = 0
  /** Messages of this topic of an unknown version or format. */
  unsupported = 0
  /** Set while the network is slower than the stream; otherwise `undefined`. */
  network: NetworkReading | undefined
  /** The accounts of the topic that this rendition replaces; otherwise `undefined`. */
  stream: TopicStatistics | undefined
  /** The rendition that replaces this topic; otherwise `undefined`. */
  rendition: string | undefined
  /** Pixels of the newest frame; 0 when the topic carries no pictures. */
  width = 0
  /** Pixels of the newest frame; 0 when the topic carries no pictures. */
  height = 0
  #firstDeliveryMs: number | undefined
  #lastDeliveryMs = 0
  #afterFirst = 0

  /** @param isNumbered - False when values may have no sequence numbers. Default true. */
  constructor(isNumbered = true) {
    this.#isNumbered = isNumbered
  }

  /**
   * Counts values handed to the consumer.
   *
   * @param latencyMs - Age of the first of them; `undefined` for retained values, whose age is not a latency.
   * @param nowMs - A monotonic time in milliseconds.
   */
  recordDelivery(values: number, latencyMs: number | undefined, nowMs: number): void {
    this.delivered += values
    this.#recordPace(values, nowMs)
    if (this.stream) this.stream.#recordPace(values, nowMs)
    if (latencyMs !== undefined) this.latency.record(latencyMs, values)
  }

  /** Remembers the size of a picture; does nothing for numbers. */
  recordSize(block: Block): void {
    if (!('width' in block)) return
    this.width = block.width
    this.height = block.height
    this.stream?.recordSize(block)
  }

  #recordPace(values: number, nowMs: number): void {
    if (this.#firstDeliveryMs === undefined) this.#firstDeliveryMs = nowMs
    else this.#afterFirst += values
    this.#lastDeliveryMs = nowMs
  }

  /**
   * Delivered values per second between the first and the last delivery, including those of the renditions in its
   * place; 0 before the second.
   */
  get rate(): number {
    const elapsedMs = this.#lastDeliveryMs - (this.#firstDeliveryMs ?? 0)
    return elapsedMs > 0 ? (this.#afterFirst / elapsedMs) * 1000 : 0
  }

  /** The counts now. */
  counts(): Counts {
    const { delivered, skipped, duplicate, invalid, unsupported, unsequenced } = this
    const { received: sequenced, lost: missing, withheld, repeated } = this.sequence.totals()
    const received = sequenced + unsequenced
    const isUnknown = unsequenced > 0 || (!this.#isNumbered && sequenced === 0)
    const lost = isUnknown ? null : missing
    const pending = received - delivered - skipped
    return {
      received,
      lost,
      withheld,
      delivered,
      skipped,
      pending,
      repeated,
      duplicate,
      invalid,
      unsupported,
    }
  }
}

/** The activity of a subscription between two readings of a {@link StatisticsWindow}. */
export interface WindowReading {
  /** Delivered values per second. */
  readonly rate: number
  /** `null` when a latency would be meaningless. */
  readonly latency: LatencySummary | null
}

/** The accounts of a subscription: of every topic, and of messages that belong to no known topic. */
export class Statistics {
  readonly #topics = new Map<string, TopicStatistics>()
  readonly #windows = new Set<StatisticsWindow>()
  readonly #isNumbered: boolean
  /** Latencies of the whole run, all topics together. */
  readonly latency = new LatencyHistogram()
  /** Messages so broken that not even their topic is known. */
  invalid = 0

  /** @param isNumbered - False when messages may have no sequence numbers: `lost` is then unknown. Default true. */
  constructor(isNumbered = true) {
    this.#isNumbered = isNumbered
  }

  /** The accounts of each topic seen so far. */
  get topics(): ReadonlyMap<string, TopicStatistics> {
    return this.#topics
  }

  /** The accounts of a topic, created on first use. */
  topic(topic: string): TopicStatistics {
    let accounts = this.#topics.get(topic)
    if (!accounts) {
      accounts = new TopicStatistics(this.#isNumbered)
      this.#topics.set(topic, accounts)
    }
    return accounts
  }

  /** Counts a block handed to the consumer, in {@link TopicStatistics.recordDelivery} and in every open window. */
  recordDelivery(topic: TopicStatistics, values: number, latencyMs: number | undefined, nowMs: number): void {
    topic.recordDelivery(values, latencyMs, nowMs)
    if (latencyMs !== undefined) this.latency.record(latencyMs, values)
    for (const window of this.#windows) window.record(topic, values, latencyMs)
  }

  /** Delivered values per second over the whole run, all topics together. */
  get rate(): number {
    let rate = 0
    for (const topic of this.#topics.values()) if (!topic.stream) rate += topic.rate
    return rate
  }

  /** The reading of the first topic whose network is too slow for it. */
  get network(): NetworkReading | undefined {
    for (const { network } of this.#topics.values()) if (network) return network
    return undefined
  }

  /** The accounts of the renditions that came in a topic's place, by their topics. */
  renditionsOf(topic: string): readonly (readonly [string, TopicStatistics])[] {
    const stream = this.#topics.get(topic)
    return stream ? [...this.#topics].filter(([, accounts]) => accounts.stream === stream) : []
  }

  /** The counts of a topic, including the renditions that came in its place. */
  countsOf(topic: string): Counts {
    let total = this.topic(topic).counts()
    for (const [, accounts] of this.renditionsOf(topic)) total = add(total, accounts.counts())
    return total
  }

  /** The network reading of a topic, or of the rendition in its place, while the network is too slow for it. */
  networkOf(topic: string): NetworkReading | undefined {
    const renditions = this.renditionsOf(topic).map(([, { network }]) => network)
    return this.#topics.get(topic)?.network ?? renditions.find(Boolean)
  }

  /** The name of the rendition that replaces the first topic that is replaced. */
  get rendition(): string | undefined {
    for (const { rendition } of this.#topics.values()) if (rendition !== undefined) return rendition
    return undefined
  }

  /** The sums over all topics. */
  counts(): Counts {
    const isUnknown = !this.#isNumbered && this.#topics.size === 0
    let total: Counts = { ...NOTHING, invalid: this.invalid, lost: isUnknown ? null : 0 }
    for (const topic of this.#topics.values()) total = add(total, topic.counts())
    return total
  }

  /**
   * Opens a window that can be read repeatedly, each time for what came since the last reading: this is how a sink
   * shows the rate of the last second. Each reader opens its own.
   *
   * @param topic - Only this topic, and the renditions in its place. Default: all of them.
   */
  openWindow(topic?: string): StatisticsWindow {
    const window = new StatisticsWindow(topic === undefined ? undefined : this.topic(topic), () =>
      this.#windows.delete(window),
    )
    this.#windows.add(window)
    return window
  }
}

/** The deliveries since the last reading. Close it when it is no longer read. */
export class StatisticsWindow {
  readonly #topic: TopicStatistics | undefined
  readonly #onClose: () => void
  readonly #latency = new LatencyHistogram()
  #values = 0
  #sinceMs = performance.now()

  /** Created by {@link Statistics.openWindow}. */
  constructor(topic: TopicStatistics | undefined, onClose: () => void) {
    this.#topic = topic
    this.#onClose = onClose
  }

  /** Counts a delivery; called by {@link Statistics}. */
  record(topic: TopicStatistics, values: number, latencyMs: number | undefined): void {
    if (this.#topic !== undefined && this.#topic !== topic && this.#topic !== topic.stream) return
    this.#values += values
    if (latencyMs !== undefined) this.#latency.record(latencyMs, values)
  }

  /** Rate and latency since the last reading, or since the window was opened. */
  read(): WindowReading {
    const nowMs = performance.now()
    const elapsedMs = nowMs - this.#sinceMs
    const reading = {
      rate: elapsedMs > 0 ? (this.#values / elapsedMs) * 1000 : 0,
      latency: this.#latency.summary(),
    }
    this.#values = 0
    this.#sinceMs = nowMs
    this.#latency.reset()
    return reading
  }

  /** Ends the window. */
  close(): void {
    this.#onClose()
  }
}
