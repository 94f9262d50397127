import type { Frame, LatencySummary, StatisticsWindow } from '@zcast/shared'
import type { SinkContext } from '../sink.ts'
import { statusParts, type StatusPart } from './status-line.ts'

/** How long a notice stays. */
const NOTICE_MS = 10_000

/** Keeps what the status line tells: the figures of the last second, and what this sink itself drew or could not. */
export class StatusReader {
  readonly #title: string
  readonly #context: SinkContext
  readonly #window: StatisticsWindow
  readonly #deliveredBefore: number
  #taken = 0
  #drawnInSecond = 0
  #undecodable = 0
  #sinceMs = performance.now()
  #framesPerSecond: number | undefined
  #latency: LatencySummary | null = null
  #notice: { readonly text: string; readonly sinceMs: number } | undefined

  constructor(title: string, context: SinkContext) {
    this.#title = title
    this.#context = context
    this.#window = context.statistics.openWindow()
    this.#deliveredBefore = context.statistics.counts().delivered
  }

  /** Accounts for a picture that was handed to the sink. */
  recordTaken(): void {
    this.#taken += 1
  }

  /** Accounts for a picture that the terminal has taken. */
  recordDrawn(): void {
    this.#drawnInSecond += 1
  }

  /** Accounts for a picture that is none. */
  recordUndecodable(): void {
    this.#undecodable += 1
  }

  /** Shows a sentence about a failure for the next 10 s. */
  tell(text: string): void {
    this.#notice = { text, sinceMs: performance.now() }
  }

  /** Takes the figures of the time since the last call; to be called each second. */
  endSecond(): void {
    const nowMs = performance.now()
    this.#framesPerSecond = (this.#drawnInSecond / (nowMs - this.#sinceMs)) * 1000
    this.#latency = this.#window.read().latency
    this.#drawnInSecond = 0
    this.#sinceMs = nowMs
    if (this.#notice && nowMs - this.#notice.sinceMs > NOTICE_MS) this.#notice = undefined
  }

  /** The status line now. @param newest - The picture that is shown. */
  parts(newest: Frame | undefined): StatusPart[] {
    const { statistics } = this.#context
    const notDrawn = statistics.counts().delivered - this.#deliveredBefore - this.#taken
    const reading = {
      title: this.#title,
      state: this.#context.state(),
      framesPerSecond: this.#framesPerSecond,
      latency: this.#latency,
      notDrawn: Math.max(0, notDrawn),
      undecodable: this.#undecodable,
      picture: newest,
      notice: this.#notice?.text,
    }
    return statusParts(reading, statistics)
  }

  /** Ends the reading. */
  close(): void {
    this.#window.close()
  }
}
