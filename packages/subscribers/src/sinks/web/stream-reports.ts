import type { Counts, LatencySummary, StatisticsWindow, WindowReading } from '@zcast/shared'
import type { SubscriberState } from '../../subscriber.ts'
import type { SinkContext } from '../sink.ts'
import type { LivePictures } from './live-pictures.ts'

/** How one stream is doing. Counts are totals since the start; `fps` and `latencyMs` cover the last second. */
export interface StreamReport extends Counts {
  readonly topic: string
  /** Pixels of the newest picture. */
  readonly width: number
  /** Pixels of the newest picture. */
  readonly height: number
  /** Pictures delivered a second. */
  readonly fps: number
  /** From the publisher to this viewer; `null` where it means nothing. */
  readonly latencyMs: LatencySummary | null
  /** Whether publisher and viewer disagree on the time, so that a latency means nothing. */
  readonly clocksDiffer: boolean
  /** Milliseconds since the newest picture came. */
  readonly silentMs: number
}

/** How a viewer is doing: its subscription, and each of its streams. */
export interface ViewerReport {
  readonly title: string
  readonly state: SubscriberState
  readonly streams: readonly StreamReport[]
}

/** Takes the measure of each stream once a second, for all who ask. */
export class StreamReports {
  readonly #title: string
  readonly #context: SinkContext
  readonly #pictures: LivePictures
  readonly #windows = new Map<string, { window: StatisticsWindow; reading: WindowReading }>()

  constructor(title: string, context: SinkContext, pictures: LivePictures) {
    this.#title = title
    this.#context = context
    this.#pictures = pictures
  }

  /** Reads what came since the last call; to be called once a second. */
  sample(): void {
    const topics = new Set(this.#pictures.topics)
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

  /** How everything is doing now. */
  report(): ViewerReport {
    const streams = this.#pictures.topics.map((topic) => this.#reportStream(topic))
    return { title: this.#title, state: this.#context.state(), streams }
  }

  /** Ends the measuring. */
  close(): void {
    for (const { window } of this.#windows.values()) window.close()
    this.#windows.clear()
  }

  #reportStream(topic: string): StreamReport {
    const accounts = this.#context.statistics.topic(topic)
    const reading = this.#windows.get(topic)?.reading
    return {
      topic,
      width: accounts.width,
      height: accounts.height,
      fps: Math.round((reading?.rate ?? 0) * 10) / 10,
      latencyMs: reading?.latency ?? null,
      clocksDiffer: accounts.latency.clocksDiffer,
      silentMs: Math.round(this.#pictures.newest(topic)?.ageMs ?? 0),
      ...accounts.counts(),
    }
  }
}
