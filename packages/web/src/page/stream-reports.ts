import type { Counts, LatencySummary, NetworkReading, StatisticsWindow, WindowReading } from '@zcast/shared'
import {
  renditionOf,
  reportTopic,
  type SinkContext,
  type SubscriberState,
  type TopicReport,
} from '@zcast/subscribers'

/** The status of one stream. Counts are totals since the start; `fps` and `latencyMs` cover the last second. */
export interface StreamReport extends Counts {
  readonly topic: string
  /** The rendition that is received of it; `null` for the stream itself. */
  readonly rendition: string | null
  /** When renditions came in its place: the accounts of the stream and of each of them; the counts are their sums. */
  readonly topics?: readonly TopicReport[]
  /** Pixels of the newest picture. */
  readonly width: number
  /** Pixels of the newest picture. */
  readonly height: number
  /** Pictures, or arrays of numbers, delivered per second. */
  readonly fps: number
  /** From the publisher to this viewer; `null` when it would be meaningless. */
  readonly latencyMs: LatencySummary | null
  /** Set while the network from the publisher to the viewer is slower than the stream; otherwise `null`. */
  readonly network: NetworkReading | null
  /** True when the clocks of publisher and viewer disagree, so that a latency is meaningless. */
  readonly clocksDiffer: boolean
  /** Milliseconds since the newest one came. */
  readonly silentMs: number
}

/** The status of a viewer: its subscription, and each of its streams. */
export interface ViewerReport {
  readonly title: string
  readonly state: SubscriberState
  readonly streams: readonly StreamReport[]
}

/** The available streams, and how long each has been silent. */
export interface StreamSource {
  /** The topics seen so far. */
  readonly topics: readonly string[]
  /** Milliseconds since the newest block of a topic came. */
  silentMs(topic: string): number
}

/** Measures each stream of a subscription once a second, for all who ask. */
export class StreamReports {
  readonly #context: SinkContext
  readonly #source: StreamSource
  readonly #windows = new Map<string, { window: StatisticsWindow; reading: WindowReading }>()

  constructor(context: SinkContext, source: StreamSource) {
    this.#context = context
    this.#source = source
  }

  /** The subscription's current state. */
  get state(): SubscriberState {
    return this.#context.state()
  }

  /** Reads what came since the last call; to be called once a second. */
  sample(): void {
    const topics = new Set(this.#source.topics)
    for (const [topic, { window }] of this.#windows) {
      if (topics.has(topic)) continue
      window.close()
      this.#windows.delete(topic)
    }
    for (const topic of topics) {
      const window = this.#windows.get(topic)?.window ?? this.#context.statistics.openWindow(topic)
      this.#windows.set(topic, { window, reading: window.read() })
    }
  }

  /** The current status of each stream. */
  streams(): readonly StreamReport[] {
    return this.#source.topics.map((topic) => this.#reportStream(topic))
  }

  /** Stops measuring. */
  close(): void {
    for (const { window } of this.#windows.values()) window.close()
    this.#windows.clear()
  }

  #reportStream(topic: string): StreamReport {
    const { statistics } = this.#context
    const accounts = statistics.topic(topic)
    const renditions = statistics.renditionsOf(topic)
    const reading = this.#windows.get(topic)?.reading
    return {
      topic,
      rendition: renditionOf(statistics, topic),
      width: accounts.width,
      height: accounts.height,
      fps: Math.round((reading?.rate ?? 0) * 10) / 10,
      latencyMs: reading?.latency ?? null,
      network: statistics.networkOf(topic) ?? null,
      clocksDiffer: accounts.latency.clocksDiffer,
      silentMs: Math.round(this.#source.silentMs(topic)),
      ...statistics.countsOf(topic),
      ...(renditions.length > 0 && { topics: [[topic, accounts] as const, ...renditions].map(reportTopic) }),
    }
  }
}
