import { parseTopic, wallClock, type Envelope, type NumbersBlock } from '@zcast/shared'
import type { Sink, SinkContext, SubscriberState } from '@zcast/subscribers'
import { StreamReports, type StreamReport } from '../page/stream-reports.ts'
import type { PausableGroup } from './pausable-group.ts'

/** The status of one stream of a dashboard. */
export interface DashboardStream extends StreamReport {
  /** `numbers` or `video`. */
  readonly kind: string
  /** The state of the subscription it comes from. */
  readonly state: SubscriberState
  /** When the newest one came, in seconds since the Unix epoch. */
  readonly newestTime: number
  /** The name of each position, of numbers that have names. */
  readonly names?: readonly string[] | undefined
  /** The unit of each position, of numbers that have units. */
  readonly units?: readonly string[] | undefined
}

/** One subscription of a dashboard. */
export class DashboardFeed implements Sink {
  readonly #write: (envelope: Envelope) => void
  readonly #resting: PausableGroup | undefined
  readonly #newestAtMs = new Map<string, number>()
  /** The names and units of each stream of numbers. */
  readonly #labels = new Map<string, Pick<NumbersBlock, 'names' | 'units'>>()
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
    const { topic, block } = envelope
    this.#newestAtMs.set(topic, performance.now())
    if (block.kind === 'numbers' && (block.names || block.units)) this.#keepLabels(topic, block)
    this.#write(envelope)
  }

  #keepLabels(topic: string, { names, units }: NumbersBlock): void {
    const known = this.#labels.get(topic)
    if (known?.names !== names || known?.units !== units) this.#labels.set(topic, { names, units })
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
    return streams.map((stream) =>
      Object.assign(stream, {
        kind: parseTopic(stream.topic)?.kind ?? '',
        state,
        newestTime: wallClock() - stream.silentMs / 1000,
        names: this.#labels.get(stream.topic)?.names,
        units: this.#labels.get(stream.topic)?.units,
      }),
    )
  }

  close(): Promise<void> {
    this.#closed = true
    this.#reports?.close()
    return Promise.resolve()
  }
}
