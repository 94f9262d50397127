import { Counter, Gauge, Registry } from 'prom-client'
import type { StreamReport, ViewerReport } from '../page/stream-reports.ts'
import type { ReaderAccounts } from '../pictures/reader-accounts.ts'

const READER_KINDS = ['websocket', 'mjpeg'] as const

const COUNTERS = {
  received: 'Values accepted, each once',
  delivered: 'Values handed to the viewer',
  skipped: 'Values skipped for newer ones',
  repeated: 'Values that came again',
  duplicate: 'Values that came again without being marked as sent again',
  invalid: 'Messages that break the format',
  unsupported: 'Messages of an unknown version or format',
} as const satisfies Partial<Record<keyof StreamReport, string>>

const GAUGES = {
  lost: 'Values missing between the first and the last received; one that arrives late is subtracted again',
  withheld: 'Values that the publisher left out for this viewer, because its network carries no more',
  width: 'Width of the newest picture in pixels',
  height: 'Height of the newest picture in pixels',
} as const satisfies Partial<Record<keyof StreamReport, string>>

const STATES = ['connecting', 'live', 'idle', 'stale', 'denied', 'closed'] as const

/** The metrics of one viewer in Prometheus' format. The registry is its own: a process may hold several viewers. */
export class ViewerMetrics {
  readonly #registry = new Registry()
  readonly #report: () => ViewerReport
  #current: ViewerReport

  constructor(title: string, report: () => ViewerReport, readers: ReaderAccounts) {
    this.#report = report
    this.#current = report()
    this.#registry.setDefaultLabels({ viewer: title })
    for (const [key, help] of Object.entries(COUNTERS)) this.#addCounter(key as keyof typeof COUNTERS, help)
    for (const [key, help] of Object.entries(GAUGES)) {
      this.#addGauge(`zcast_stream_${key}`, help, (stream) => stream[key as keyof typeof GAUGES])
    }
    // Nobody should be alerted because nothing comes while nothing is subscribed to.
    const unlessIdle = (value: number): number | null => (this.#isIdle ? null : value)
    this.#addGauge(
      'zcast_stream_fps',
      'Pictures delivered a second, over the last second; absent while the viewer is idle',
      (stream) => unlessIdle(stream.fps),
    )
    this.#addGauge(
      'zcast_stream_silent_seconds',
      'Time since the newest picture; absent while the viewer is idle',
      (stream) => unlessIdle(stream.silentMs / 1000),
    )
    this.#addGauge(
      'zcast_stream_network_wanted_per_second',
      'What the stream wants of a network that is slower; absent while it is not',
      ({ network }) => network?.wanted ?? null,
    )
    this.#addGauge(
      'zcast_stream_network_carried_per_second',
      'What that network carries',
      ({ network }) => network?.carried ?? null,
    )
    this.#addLatency()
    this.#addState()
    this.#addIdle()
    this.#addClients(readers)
  }

  /** The content type of `text`. */
  get contentType(): string {
    return this.#registry.contentType
  }

  /** All metrics with their current values. */
  text(): Promise<string> {
    this.#current = this.#report()
    return this.#registry.metrics()
  }

  #addCounter(key: keyof typeof COUNTERS, help: string): void {
    const name = `zcast_stream_${key}_total`
    const registers = [this.#registry]
    const counter = new Counter({
      name,
      help,
      registers,
      labelNames: ['topic'],
      collect: () => {
        counter.reset()
        for (const stream of this.#current.streams) counter.inc({ topic: stream.topic }, stream[key])
      },
    })
  }

  #addGauge(name: string, help: string, value: (stream: StreamReport) => number | null): void {
    const gauge = new Gauge({
      name,
      help,
      registers: [this.#registry],
      labelNames: ['topic'],
      collect: () => {
        gauge.reset()
        for (const stream of this.#current.streams) {
          const measured = value(stream)
          if (measured !== null) gauge.set({ topic: stream.topic }, measured)
        }
      },
    })
  }

  #addLatency(): void {
    const gauge = new Gauge({
      name: 'zcast_stream_latency_seconds',
      help: 'Latency from the publisher to the viewer over the last second; absent when it would be meaningless',
      registers: [this.#registry],
      labelNames: ['topic', 'quantile'],
      collect: () => {
        gauge.reset()
        for (const { topic, latencyMs } of this.#current.streams) {
          if (latencyMs === null || this.#isIdle) continue
          gauge.set({ topic, quantile: '0.5' }, latencyMs.p50 / 1000)
          gauge.set({ topic, quantile: '0.99' }, latencyMs.p99 / 1000)
        }
      },
    })
  }

  #addState(): void {
    const gauge = new Gauge({
      name: 'zcast_viewer_state',
      help: 'The state the subscription is in: 1, the others: 0',
      registers: [this.#registry],
      labelNames: ['state'],
      collect: () => {
        const current = this.#current.state
        for (const state of STATES) gauge.set({ state }, state === current ? 1 : 0)
      },
    })
  }

  get #isIdle(): boolean {
    return this.#current.state === 'idle'
  }

  #addIdle(): void {
    const gauge: Gauge = new Gauge({
      name: 'zcast_viewer_idle',
      help: '1 while nobody watches, so that nothing is received; otherwise 0',
      registers: [this.#registry],
      collect: () => {
        gauge.set(this.#isIdle ? 1 : 0)
      },
    })
  }

  #addClients(readers: ReaderAccounts): void {
    const registers = [this.#registry]
    const gauge = new Gauge({
      name: 'zcast_viewer_clients',
      help: 'Browsers and other readers served now',
      registers,
      labelNames: ['kind'],
      collect: () => {
        for (const kind of READER_KINDS) gauge.set({ kind }, readers.count(kind))
      },
    })
    const addCounter = (key: 'sent' | 'withheld', help: string): void => {
      const counter = new Counter({
        name: `zcast_viewer_${key}_total`,
        help,
        registers,
        labelNames: ['kind'],
        collect: () => {
          counter.reset()
          for (const kind of READER_KINDS) counter.inc({ kind }, readers.totals(kind)[key])
        },
      })
    }
    addCounter('sent', 'Pictures sent to browsers and other readers')
    addCounter(
      'withheld',
      'Pictures left out for one of them, because earlier ones were still on their way to it',
    )
  }
}
