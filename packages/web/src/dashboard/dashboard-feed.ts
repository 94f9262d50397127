import { type ColumnLabels, type Envelope, parseTopic, wallClock } from '@zcast/shared'
import type { Sink, SinkContext, SubscriberState } from '@zcast/subscribers'
import { StreamReports, type StreamReport } from '../page/stream-reports.ts'
import type { PausableGroup } from '../page/pausable-group.ts'

/** The status of one stream of a dashboard. */
export interface DashboardStream extends StreamReport {
  /** `numbers` or `video`. */
  readonly kind: string
  /** The state of the subscription it comes from. */
  readonly state: SubscriberState
  /** When the newest one came, in seconds since the Unix epoch. */
  readonly newestTime: number
  /** Of numbers: the names of the first columns, where they are known. */
  readonly names?: readonly string[] | undefined
  /** Of numbers: their units, likewise. */
  readonly units?: readonly string[] | undefined
}

/** Names that a page is told of each stream, once a second. */
const MAX_NAMES = 256

/** One subscription of a dashboard. */
export class DashboardFeed implements Sink {
  readonly #write: (envelope: Envelope) => void
  readonly #resting: PausableGroup | undefined
  readonly #newestAtMs = new Map<string, number>()
  /** Of the streams of numbers that have names, of which a subscriber receives a limited number. */
  readonly #labels = new Map<string, ColumnLabels>()
  #reports: StreamReports | undefined
  #closed = false

  /**
   * @param write - Receives the envelopes.
   * @param resting - The subscriptions that may be paused; this one joins them. Default: it must not be paused.
   */
  constructor(write: (envelope: Envelope) => void, resting?: PausableGroup) {
    this.#write = write
    this.#resting = resting
  }

  open(context: SinkContext): Promise<void> {
    if (context.subscription) this.#resting?.add(context.subscription)
    const newestAtMs = this.#newestAtMs
    this.#reports = new StreamReports(context, {
      get topics() {
        return [...newestAtMs.keys()]
      },
      silentMs: (topic) => performance.now() - (newestAtMs.get(topic) ?? 0),
    })
    return Promise.resolve()
  }

  write(envelope: Envelope): void {
    if (this.#closed) return
    this.#newestAtMs.set(envelope.topic, performance.now())
    const { block } = envelope
    if (block.kind === 'numbers' && (block.names || block.units)) {
      // The block itself holds data that need not be kept.
      const { names, units } = block
      if (this.#labels.get(envelope.topic)?.names !== names)
        this.#labels.set(envelope.topic, { names, units })
    } else this.#labels.delete(envelope.topic)
    this.#write(envelope)
  }

  /** Reads what came since the last call; to be called once a second. */
  sample(): void {
    this.#reports?.sample()
  }

  /** The state of the subscription. */
  get state(): SubscriberState {
    return this.#closed ? 'closed' : (this.#reports?.state ?? 'connecting')
  }

  /** The status of its streams; they stay visible after its end. */
  streams(): readonly DashboardStream[] {
    const streams = this.#reports?.streams() ?? []
    const { state } = this
    return streams.map((stream) => {
      const { names, units } = this.#labels.get(stream.topic) ?? {}
      const labels = { names: names?.slice(0, MAX_NAMES), units: units?.slice(0, MAX_NAMES) }
      const kind = parseTopic(stream.topic)?.kind ?? ''
      const newestTime = wallClock() - stream.silentMs / 1000
      return Object.assign(stream, { kind, state, newestTime, ...labels })
    })
  }

  close(): Promise<void> {
    this.#closed = true
    this.#reports?.close()
    return Promise.resolve()
  }
}
