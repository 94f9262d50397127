import type { HistoryRing } from '@zcast/recording'
import type { DeliveryPolicy, Log } from '@zcast/shared'
import type { History, Sink } from '@zcast/subscribers'
import type { Past, Selection } from '@zcast/web'
import type { HistoryPlan } from './history-options.ts'
import { KeptSink } from './kept-sink.ts'
import { savePast } from './save-past.ts'
import { SharedFlush } from './shared-flush.ts'

/** A picture that comes while another is shown is kept all the same. */
export const KEPT_DELIVERY: DeliveryPolicy = 'queue:50'

/** A line of the log that is older was written before. */
const TIME = /\b\d{4}-\d\d-\d\dT[\d:.+-]+Z?/
const CLOCK_SLACK_MS = 1000

/** The past of a page of live streams: a ring on disk, from `open` to `close`. */
export class KeptPast implements Past {
  readonly isLive = true
  readonly formats = ['mcap', 'mp4', 'csv'] as const
  readonly #plan: HistoryPlan
  #ring: HistoryRing | undefined
  readonly #flushes = new SharedFlush(() => this.#open.flush())
  #openedAtMs = Number.POSITIVE_INFINITY

  constructor(plan: HistoryPlan) {
    this.#plan = plan
  }

  /** The ring. To be used after `open`. */
  get history(): History {
    return this.#open
  }

  /** Makes the ring. @throws {@link SinkError} when its folder cannot be made. */
  async open(log: Log): Promise<void> {
    const { HistoryRing } = await import('@zcast/recording')
    const { seconds, bytes } = this.#plan
    this.#ring = await HistoryRing.open({ seconds, bytes, log })
    this.#openedAtMs = Date.now()
  }

  /**
   * A sink that also keeps what it shows; may be made before `open`.
   *
   * @param isOpen - Tells whether a page is open.
   */
  sink(shown: Sink, isOpen: () => boolean): Sink {
    const { whileOpen } = this.#plan
    return new KeptSink(shown, () => this.#open.sink(), whileOpen ? isOpen : undefined)
  }

  /** Adds a line of the error log, unless it is older than the ring. */
  addLine(line: string): void {
    const time = Date.parse(TIME.exec(line)?.[0] ?? '')
    if (!(time < this.#openedAtMs - CLOCK_SLACK_MS)) this.#open.addLine(line)
  }

  readonly flush = (): Promise<number> => this.#flushes.run()

  /** What has just come can be saved too. */
  readonly save = async (selection: Selection, path: string, signal?: AbortSignal): Promise<void> => {
    await this.flush()
    await savePast(this.#open, selection, path, signal)
  }

  /** Removes the ring. May be called twice, and before `open`. */
  async close(): Promise<void> {
    await this.#ring?.close()
  }

  get #open(): HistoryRing {
    if (!this.#ring) throw new Error('a history is opened before it is used')
    return this.#ring
  }
}
